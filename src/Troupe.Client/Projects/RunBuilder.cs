using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Troupe.Client.Projects;

/// <summary>
/// Makes one inline workflow of tasks. Prompts travel as inputs, so that nothing in them is taken for a template; the ids in it are ours,
/// so that tasks may have any name.
/// </summary>
internal static class RunBuilder
{
    public static WorkflowRequest Build(
        IReadOnlyList<AgentTask> tasks, IReadOnlyDictionary<string, ExecutionResult> finished, int maxConcurrency)
    {
        var ids = Ids(tasks);
        CheckNeeds(tasks, ids, finished);
        var inputs = Inputs(tasks, ids, finished);
        var definition = new JsonObject
        {
            ["name"] = "project-tasks",
            ["inputs"] = new JsonObject(inputs.Keys.Select(Declare)),
            ["phases"] = new JsonArray(new JsonObject
            {
                ["id"] = "tasks",
                ["tasks"] = new JsonArray([.. tasks.Select(task => Define(task, ids))]),
            }),
        };
        return new WorkflowRequest(ToElement(definition))
        {
            Inputs = inputs,
            Options = new LaunchOptions { MaxConcurrency = maxConcurrency },
        };
    }

    private static Dictionary<string, string> Ids(IReadOnlyList<AgentTask> tasks)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            if (!ids.TryAdd(task.Name, "t" + ids.Count.ToString(CultureInfo.InvariantCulture)))
                throw new ArgumentException($"Two tasks are named '{task.Name}'; names must differ within a call.", nameof(tasks));
        }

        return ids;
    }

    private static void CheckNeeds(
        IReadOnlyList<AgentTask> tasks, Dictionary<string, string> ids, IReadOnlyDictionary<string, ExecutionResult> finished)
    {
        foreach (var task in tasks)
        {
            string[] missing = [.. task.Needs.Where(need => !ids.ContainsKey(need) && !IsMet(need))];
            if (missing.Length > 0)
                throw new UnmetDependencyException(task.Name, missing);
        }

        // What can run, runs; what is then left needs itself in a circle.
        var waiting = tasks.ToList();
        while (waiting.RemoveAll(task => !task.Needs.Any(need => waiting.Exists(other => other.Name == need))) > 0)
        {
        }

        if (waiting.Count > 0)
            throw new UnmetDependencyException(waiting[0].Name, [.. waiting[0].Needs.Where(need => waiting.Exists(task => task.Name == need))]);

        bool IsMet(string need) => finished.TryGetValue(need, out var result) && result.Succeeded;
    }

    private static Dictionary<string, JsonElement> Inputs(
        IReadOnlyList<AgentTask> tasks, Dictionary<string, string> ids, IReadOnlyDictionary<string, ExecutionResult> finished)
    {
        var inputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var task in tasks)
            inputs[PromptOf(ids[task.Name])] = ToElement(Prompt(task, ids, finished));
        foreach (var need in tasks.SelectMany(static task => task.Needs).Where(ids.ContainsKey))
            inputs[NameOf(ids[need])] = ToElement(need);
        return inputs;
    }

    private static KeyValuePair<string, JsonNode?> Declare(string input) =>
        new(input, new JsonObject { ["type"] = "string", ["required"] = true });

    private static JsonObject Define(AgentTask task, Dictionary<string, string> ids)
    {
        var inside = task.Needs.Where(ids.ContainsKey).ToList();
        var prompt = new StringBuilder($"{{{{inputs.{PromptOf(ids[task.Name])}}}}}");
        foreach (var need in inside)
            prompt.Append(CultureInfo.InvariantCulture, $"\n\n{{{{inputs.{NameOf(ids[need])}}}}}:\n\n{{{{tasks.{ids[need]}.result}}}}");
        var definition = new JsonObject
        {
            ["id"] = ids[task.Name],
            ["title"] = task.Name,
            ["agent"] = task.Agent,
            ["prompt"] = prompt.ToString(),
            ["needs"] = new JsonArray([.. inside.Select(need => JsonValue.Create(ids[need]))]),
        };
        if (task.Options is { } options)
            definition["options"] = JsonSerializer.SerializeToNode(options, ClientJson.Default.LaunchOptions);
        return definition;
    }

    /// <summary>The prompt, followed by the results of what it needs that earlier calls have finished.</summary>
    private static string Prompt(AgentTask task, Dictionary<string, string> ids, IReadOnlyDictionary<string, ExecutionResult> finished) =>
        task.Prompt + string.Concat(task.Needs.Where(need => !ids.ContainsKey(need)).Select(need => $"\n\n{need}:\n\n{finished[need].Text}"));

    private static string PromptOf(string id) => "prompt_" + id;

    private static string NameOf(string id) => "name_" + id;

    private static JsonElement ToElement(JsonNode node) => JsonSerializer.SerializeToElement(node, ClientJson.Default.JsonNode);

    private static JsonElement ToElement(string text) => JsonSerializer.SerializeToElement(text, ClientJson.Default.String);
}
