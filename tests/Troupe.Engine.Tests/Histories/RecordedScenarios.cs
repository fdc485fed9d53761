using Troupe.Engine.Tests.Model;

namespace Troupe.Engine.Tests.Histories;

/// <summary>What the recorded histories come from: one scenario for each thing that an orchestrator can do, or that can befall it.</summary>
internal static class RecordedScenarios
{
    public static IReadOnlyDictionary<string, Scenario> All { get; } = new Dictionary<string, Scenario>(StringComparer.Ordinal)
    {
        ["activities"] = Of(Start(new Instruction(Model.Step.Work), new Instruction(Model.Step.FanOut)), new Release()),
        ["retries"] = Of(
            new Service(IsUp: false), Start(new Instruction(Model.Step.Service), new Instruction(Model.Step.Work)), new Advance(15), new Service(IsUp: true)),
        ["failure-caught"] = Of(
            new Service(IsUp: false), Start(new Instruction(Model.Step.Service, Caught: true), new Instruction(Model.Step.Work)), new Advance(60), new Advance(60)),
        ["failure"] = Of(Start(new Instruction(Model.Step.Work), new Instruction(Model.Step.Throw))),
        ["events"] = Of(
            Start(new Instruction(Model.Step.Wait, "go"), new Instruction(Model.Step.Held), new Instruction(Model.Step.Wait, "GO")),
            new Raise("a", "go", "first", "d1"), new Raise("a", "go", "second", null), new Release()),
        ["event-before-timeout"] = Of(Start(new Instruction(Model.Step.WaitFor, "go", Seconds: 30)), new Raise("a", "go", "in time", null)),
        ["timeout"] = Of(Start(new Instruction(Model.Step.WaitFor, "go", Seconds: 30), new Instruction(Model.Step.Work)), new Advance(60)),
        ["timers"] = Of(Start(new Instruction(Model.Step.Background, Seconds: 90), new Instruction(Model.Step.Sleep, Seconds: 30)), new Advance(60), new Advance(60)),
        ["children"] = Of(
            Start(new Instruction(Model.Step.Children, Programs: [[new Instruction(Model.Step.Work)], [new Instruction(Model.Step.Wait, "go")]])),
            new Raise("a-0-1", "go", "to the child", null)),
        ["child-fails"] = Of(Start(new Instruction(Model.Step.Children, Caught: true, Programs: [[new Instruction(Model.Step.Throw)]]))),
        ["continue-as-new"] = Of(
            Start(new Instruction(Model.Step.Held), new Instruction(Model.Step.ContinueAsNew), new Instruction(Model.Step.Wait, "go"), new Instruction(Model.Step.Work)),
            new Raise("a", "go", "carried over", null), new Release()),
        ["suspend-resume"] = Of(
            Start(new Instruction(Model.Step.Held), new Instruction(Model.Step.Wait, "go")),
            new Manage(Verb.Suspend, "a"), new Raise("a", "go", "meanwhile", null), new Manage(Verb.Resume, "a"), new Release()),
        ["terminate"] = Of(
            Start(new Instruction(Model.Step.Work), new Instruction(Model.Step.Children, Programs: [[new Instruction(Model.Step.Held)]])),
            new Manage(Verb.Terminate, "a")),
        ["rewind"] = Of(
            new Service(IsUp: false), Start(new Instruction(Model.Step.FanOut)), new Release(), new Service(IsUp: true), new Manage(Verb.Rewind, "a")),
        ["status-and-send"] = Of(Start(new Instruction(Model.Step.Status, "busy"), new Instruction(Model.Step.Send, "go", "sink"), new Instruction(Model.Step.Work))),
    };

    private static Start Start(params IReadOnlyList<Instruction> program) => new("a", program, DelaySeconds: 0);

    private static Scenario Of(params IReadOnlyList<Operation> operations) => new(Seed: 1, MaxLiveInstances: 10_000, operations);
}
