using System.Globalization;
using System.Text.Json;

namespace Troupe.Core.Templates;

/// <summary>Builds the values that a run's templates see.</summary>
public static class TemplateContext
{
    /// <param name="inputs">The run's bound inputs, a JSON object.</param>
    /// <param name="run">What <c>run</c> has.</param>
    /// <param name="tasks">Finished tasks by id; only those that the template references are needed.</param>
    /// <param name="item">The item of a <c>for_each</c> task.</param>
    /// <param name="index">The item's place, from 0.</param>
    public static IReadOnlyDictionary<string, object?> Create(
        JsonElement inputs, RunValues run, IReadOnlyDictionary<string, TaskValues> tasks, JsonElement? item = null, int? index = null)
    {
        var context = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["inputs"] = inputs,
            ["run"] = run.ToDictionary(),
            ["tasks"] = tasks.ToDictionary(task => task.Key, object? (task) => task.Value, StringComparer.Ordinal),
        };
        if (item is { } value)
            context["item"] = value;
        if (index is { } place)
            context["index"] = place;
        return context;
    }
}

/// <summary>What templates see as <c>run</c>.</summary>
public sealed record RunValues(string Id, string Workflow, string User, DateTimeOffset StartedAt)
{
    internal IReadOnlyDictionary<string, object?> ToDictionary() => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["id"] = Id,
        ["workflow"] = Workflow,
        ["user"] = User,
        ["started_at"] = StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["date"] = StartedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
