using System.Text.RegularExpressions;

namespace Troupe.Core.Definitions.Reading;

/// <summary>Reads a definition's top level.</summary>
internal static partial class WorkflowReader
{
    private const int MaxTasks = 1000;
    private const int MaxPhases = 100;

    /// <summary>Whether the definition is small enough for its graph to be looked at.</summary>
    public static bool IsWithinLimits(WorkflowDefinition definition) =>
        definition.Phases.Count <= MaxPhases && definition.Phases.Sum(phase => phase.Tasks.Count) <= MaxTasks;

    public static WorkflowDefinition Read(MapReader map)
    {
        var definition = new WorkflowDefinition
        {
            Name = ReadName(map),
            Description = map.Text("description", 4000),
            Inputs = InputsReader.Read(map),
            Options = map.Map("options", "a mapping") is { } options ? ReadOptions(options) : new RunOptions(),
            Phases = ReadPhases(map),
            Result = map.Text("result", 64),
            Schedule = map.Map("schedule", "a mapping with cron and time_zone") is { } schedule ? ScheduleReader.Read(schedule) : null,
        };
        map.RefuseOthers("workflow");
        return definition;
    }

    private static string ReadName(MapReader map)
    {
        var name = map.Required("name", 64, "my-workflow");
        if (name.Length > 0 && !NamePattern().IsMatch(name))
            map.Log.Add($"A workflow's name has lower-case letters, digits and hyphens, 1 to 64, and begins with a letter or digit; found \"{name}\".", map.At("name"));
        return name;
    }

    private static RunOptions ReadOptions(MapReader map)
    {
        var options = OptionsReader.Read(map);
        map.RefuseOthers("set of options");
        return options;
    }

    private static List<PhaseDefinition> ReadPhases(MapReader map)
    {
        List<PhaseDefinition> phases = [.. map.Maps("phases", "phase").Select(PhaseReader.Read)];
        if (map.Take("phases") is null or ListNode { Items.Count: 0 })
            map.Log.Add("A workflow needs \"phases\": at least one, with at least one task.", map.Take("phases") is null ? map.Place : map.At("phases"));
        if (phases.Count > MaxPhases)
            map.Log.Add($"A workflow has at most {MaxPhases} phases; found {phases.Count}.", map.At("phases"));
        var tasks = phases.Sum(phase => phase.Tasks.Count);
        if (tasks > MaxTasks)
            map.Log.Add($"A workflow has at most {MaxTasks} tasks; found {tasks}. Use for_each for tasks that are alike.", map.At("phases"));
        return phases;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
