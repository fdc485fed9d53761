using System.Text.RegularExpressions;

namespace Troupe.Core.Definitions.Reading;

internal static partial class PhaseReader
{
    public static PhaseDefinition Read(MapReader map)
    {
        var id = ReadId(map, "analysis");
        var (delay, from) = ReadDelay(map);
        var phase = new PhaseDefinition
        {
            Id = id,
            Title = map.Text("title", 200) ?? id,
            After = map.Names("after"),
            Weight = map.Weight(),
            Delay = delay,
            DelayFrom = from,
            Milestone = map.Text("milestone", 200),
            Gate = GateReader.Read(map),
            Tasks = [.. map.Maps("tasks", "task").Select(TaskReader.Read)],
        };
        if (map.Take("tasks") is null or ListNode { Items.Count: 0 })
            map.Log.Add("A phase needs \"tasks\": at least one.", map.Place);
        map.RefuseOthers("phase");
        return phase;
    }

    internal static string ReadId(MapReader map, string example)
    {
        var id = map.Required("id", 64, example);
        if (id.Length > 0 && !IdPattern().IsMatch(id))
            map.Log.Add($"An id has lower-case letters, digits, hyphens and underscores, 1 to 64, and begins with a letter or digit; found \"{id}\".", map.At("id"));
        return id;
    }

    private static (TimeSpan? Fixed, string? From) ReadDelay(MapReader map)
    {
        if (map.Take("delay") is not ScalarNode { Type: ScalarKind.Text } scalar || !scalar.Text.StartsWith("inputs.", StringComparison.Ordinal))
            return (map.Time("delay"), null);
        if (!DelayExpression.TryParse(scalar.Text, out _, out var error))
            map.Log.Add(error, map.At("delay"));
        return (null, scalar.Text);
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();
}
