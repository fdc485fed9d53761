using System.Text.Json;

namespace Troupe.Core.Definitions.Reading;

/// <summary>Reads the run options among a mapping's keys.</summary>
internal static class OptionsReader
{
    public static RunOptions Read(MapReader map)
    {
        var options = new RunOptions
        {
            Timeout = map.Time("timeout"),
            MaxRetries = map.Integer("max_retries"),
            RetryBackoff = map.Word<RetryBackoff>("retry_backoff"),
            Priority = map.Word<Priority>("priority"),
            CallbackUrl = ReadUrl(map),
            OnCompletion = ReadOnCompletion(map),
            OnFailure = map.Word<OnFailure>("on_failure"),
            MaxConcurrency = map.Integer("max_concurrency"),
            Budget = ReadBudget(map),
            Tags = map.Names("tags"),
            Metadata = ReadMetadata(map),
            Mode = map.Word<ExecutionMode>("mode"),
            UseDirectLlm = map.Boolean("use_direct_llm"),
            StartAfter = map.Time("start_after"),
            StartAt = ReadStartAt(map),
            RequiresApproval = map.Boolean("requires_approval"),
        };
        foreach (var problem in RunOptionsValidator.Validate(options, map.Place))
            map.Log.Add(problem.Message, problem.Pointer);
        return options;
    }

    private static Uri? ReadUrl(MapReader map)
    {
        var text = map.Text("callback_url", RunOptionsValidator.MaxUrlLength);
        if (text is null)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url))
            return url;
        map.Log.Add($"\"callback_url\" must be an absolute http or https address; found \"{text}\".", map.At("callback_url"));
        return null;
    }

    private static DateTimeOffset? ReadStartAt(MapReader map)
    {
        var text = map.Text("start_at", 64);
        if (text is null)
            return null;
        if (text.Contains('T', StringComparison.OrdinalIgnoreCase) && JsonSerializer.SerializeToElement(text).TryGetDateTimeOffset(out var time))
            return time;
        map.Log.Add($"\"start_at\" must be a time such as 2030-01-31T09:00:00Z; found \"{text}\".", map.At("start_at"));
        return null;
    }

    private static Budget? ReadBudget(MapReader map)
    {
        if (map.Map("budget", "a mapping with usd, tokens, time") is not { } budget)
            return null;
        var tokens = budget.Number("tokens");
        var read = new Budget(budget.Number("usd"), tokens is null ? null : (long)Math.Clamp(tokens.Value, long.MinValue, long.MaxValue), budget.Time("time"));
        budget.RefuseOthers("budget");
        return read;
    }

    private static Dictionary<string, JsonElement> ReadMetadata(MapReader map)
    {
        if (map.Map("metadata", "a mapping") is null || map.Take("metadata") is not MapNode metadata)
            return [];
        return metadata.Entries.DistinctBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => entry.Value.ToJson(), StringComparer.Ordinal);
    }

    private static OnCompletion? ReadOnCompletion(MapReader map)
    {
        const string key = "on_completion";
        if (map.Take(key) is not MapNode)
            return map.Word<CompletionAction>(key) is { } action ? new OnCompletion { Action = action } : null;
        var given = map.Map(key, "a word or a mapping")!;
        if (given.Take("launch") is ScalarNode)
        {
            var workflow = given.Text("launch", 64);
            given.RefuseOthers("value of on_completion");
            return workflow is null ? null : new OnCompletion { Action = CompletionAction.Launch, Workflow = workflow };
        }

        var launch = given.Map("launch", "a workflow's name, or a mapping with workflow, or with agent and prompt");
        var source = launch ?? given;
        var read = new OnCompletion
        {
            Action = launch is not null ? CompletionAction.Launch : given.Word<CompletionAction>("action") ?? CompletionAction.None,
            Workflow = source.Text("workflow", 64),
            Agent = source.Text("agent", 300),
            Prompt = source.Text("prompt", 100_000),
        };
        launch?.RefuseOthers("launch");
        given.RefuseOthers("value of on_completion");
        return read;
    }
}
