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
    private const string Prompts = "prompts";
    private const string Names = "names";
    private const int MaxTitle = 200;

    public static WorkflowRequest Build(
        IReadOnlyList<AgentTask> tasks, IReadOnlyDictionary<string, ExecutionResult> finished, int maxConcurrency)
    {
        var ids = Ids(tasks);
        CheckNeeds(tasks, ids, finished);
        var definition = new JsonObject
        {
            ["name"] = "project-tasks",
            ["inputs"] = new JsonObject { [Prompts] = "object", [Names] = "object" },
            ["phases"] = new JsonArray(new JsonObject
            {
                ["id"] = "tasks",
                ["tasks"] = new JsonArray([.. tasks.Select(task => Define(task, ids))]),
            }),
        };
        return new WorkflowRequest(ToElement(definition))
        {
            Inputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
            {
                [Prompts] = ToElement(new JsonObject(tasks.Select(task => Entry(ids[task.Name], Prompt(task, ids, finished))))),
                [Names] = ToElement(new JsonObject(tasks.Select(task => Entry(ids[task.Name], task.Name)))),
            },
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

    private static JsonObject Define(AgentTask task, Dictionary<string, string> ids)
    {
        var inside = task.Needs.Where(ids.ContainsKey).ToList();
        var prompt = new StringBuilder($"{{{{inputs.{Prompts}.{ids[task.Name]}}}}}");
        foreach (var need in inside)
            prompt.Append(CultureInfo.InvariantCulture, $"\n\n{{{{inputs.{Names}.{ids[need]}}}}}:\n\n{{{{tasks.{ids[need]}.result}}}}");
        var definition = task.Options is { } options ? JsonSerializer.SerializeToNode(options, ClientJson.Default.LaunchOptions)!.AsObject() : [];
        definition["id"] = ids[task.Name];
        definition["title"] = task.Name.Length <= MaxTitle ? task.Name : task.Name[..MaxTitle];
        definition["agent"] = task.Agent;
        definition["prompt"] = prompt.ToString();
        definition["needs"] = new JsonArray([.. inside.Select(need => JsonValue.Create(ids[need]))]);
        return definition;
    }

    /// <summary>The prompt, followed by the results of what it needs that earlier calls have finished.</summary>
    private static string Prompt(AgentTask task, Dictionary<string, string> ids, IReadOnlyDictionary<string, ExecutionResult> finished) =>
        task.Prompt + string.Concat(task.Needs.Where(need => !ids.ContainsKey(need)).Select(need => $"\n\n{need}:\n\n{finished[need].Text}"));

    private static KeyValuePair<string, JsonNode?> Entry(string key, string text) => new(key, JsonValue.Create(text));

    private static JsonElement ToElement(JsonNode node) => JsonSerializer.SerializeToElement(node, ClientJson.Default.JsonNode);
}
