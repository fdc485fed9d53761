namespace Troupe.Core.Definitions.Reading;

internal static class TaskReader
{
    private const int MaxPrompt = 500_000;

    public static TaskDefinition Read(MapReader map)
    {
        var id = PhaseReader.ReadId(map, "review");
        var task = new TaskDefinition
        {
            Id = id,
            Title = map.Text("title", 200) ?? id,
            Agent = map.Required("agent", 300, "code-reviewer"),
            Prompt = map.Required("prompt", MaxPrompt, "Review {{inputs.diff}}"),
            Needs = map.Names("needs"),
            ForEach = map.Text("for_each", 500),
            When = ReadWhen(map),
            Weight = map.Weight(),
            Gate = GateReader.Read(map),
            Options = OptionsReader.Read(map),
        };
        if (task.Options.StartAt is not null)
            map.Log.Add("A task has no \"start_at\"; give the time at launch, or the phase a \"delay\".", map.At("start_at"));
        map.RefuseOthers("task");
        return task;
    }

    private static string? ReadWhen(MapReader map) =>
        map.Take("when") is ScalarNode { Type: ScalarKind.Boolean or ScalarKind.Number } constant ? constant.Text : map.Text("when", 10_000);
}
