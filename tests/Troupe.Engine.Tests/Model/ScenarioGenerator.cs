using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Troupe.Engine.Tests.Recovery;

namespace Troupe.Engine.Tests.Model;

/// <summary>Draws scenarios.</summary>
internal static class ScenarioGenerator
{
    private const string Sink = "sink";

    private static readonly string[] Ids = ["a", "b", "c", Sink];
    private static readonly string[] Names = ["go", "GO", "stop"];

    public static Arbitrary<Scenario> Scenarios { get; } = Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from live in Gen.Elements(1, 2, 10_000)
        from operations in Operation().ListOf()
        select new Scenario(seed, live, [.. operations]),
        ScenarioShrinker.Shrink);

    private static Gen<Operation> Operation() => Gen.Frequency(
        (30, from operation in ClientOperation() select (Operation)operation),
        (8, from seconds in Gen.Elements(1, 5, 10, 20, 60, 700, 3_600) select (Operation)new Advance(seconds)),
        (2, from seconds in Gen.Elements(-3_600, -60, -7, 7, 60, 3_600) select (Operation)new SetClock(seconds)),
        (4, Gen.Constant<Operation>(new Release())),
        (4, from up in Gen.Elements(true, false, false) select (Operation)new Service(up)),
        (3, from crash in Gen.Elements(true, false) select (Operation)new RestartProcess(crash)),
        (4, from operation in ClientOperation() from turns in Gen.Choose(1, 20) select (Operation)new CrashDuring(operation, turns)),
        (4, from operation in ClientOperation()
            from write in Gen.Choose(1, 5)
            from fault in Gen.Elements(Fault.BeforeCommit, Fault.AfterCommit)
            select (Operation)new FaultDuring(operation, write, fault)));

    private static Gen<ClientOperation> ClientOperation() => Gen.Frequency(
        (10, from id in Gen.Elements(Ids) from start in Start(id) select start),
        (14, Raise()),
        (12, Manage()));

    private static Gen<ClientOperation> Start(string id) =>
        from program in id == Sink ? SinkProgram() : Program(depth: 0)
        from delay in Gen.Frequency((6, Gen.Constant(0)), (1, Gen.Elements(5, 60, 900)))
        select (ClientOperation)new Start(id, program, delay);

    private static Gen<ClientOperation> Raise() =>
        from id in Targets()
        from name in Gen.Elements(Names)
        from number in Gen.Choose(1, 1_000)
        from delivery in Gen.Choose(0, 6)
        select (ClientOperation)new Raise(
            id,
            name,
            string.Create(CultureInfo.InvariantCulture, $"e{number}"),
            delivery > 3 ? null : string.Create(CultureInfo.InvariantCulture, $"d{delivery}"));

    private static Gen<ClientOperation> Manage() => Gen.OneOf(
        from verb in Gen.Elements(Verb.Suspend, Verb.Resume, Verb.Resume, Verb.Terminate, Verb.Rewind, Verb.Purge)
        from id in Targets()
        select (ClientOperation)new Manage(verb, id),
        from verb in Gen.Elements(Verb.Rewind, Verb.Rewind, Verb.Restart, Verb.Purge)
        from id in Gen.Elements(Ids)
        select (ClientOperation)new Manage(verb, id));

    /// <summary>Mostly instances that the client started, sometimes children of them.</summary>
    private static Gen<string> Targets() => Gen.Frequency(
        (5, Gen.Elements(Ids)),
        (1, from id in Gen.Elements("a", "b") from at in Gen.Choose(0, 2) select ReferenceModel.ChildId(id, at, 0)));

    private static Gen<IReadOnlyList<Instruction>> Program(int depth) =>
        from length in Gen.Choose(depth == 0 ? 1 : 0, 5 - depth)
        from instructions in Instruction(depth).ListOf(length)
        select Tidy(instructions);

    private static Gen<Instruction> Instruction(int depth) => Gen.Frequency(
        (3, Gen.Constant(new Instruction(Step.Work))),
        (3, from caught in Gen.Elements(true, false, false) select new Instruction(Step.Service, Caught: caught)),
        (3, Gen.Constant(new Instruction(Step.Held))),
        (2, from caught in Gen.Elements(true, false, false) select new Instruction(Step.FanOut, Caught: caught)),
        (4, from name in Gen.Elements(Names) select new Instruction(Step.Wait, name)),
        (4, from name in Gen.Elements(Names) from seconds in Seconds() select new Instruction(Step.WaitFor, name, Seconds: seconds)),
        (2, from seconds in Seconds() select new Instruction(Step.Sleep, Seconds: seconds)),
        (1, from seconds in Seconds() select new Instruction(Step.Background, Seconds: seconds)),
        (2, from name in Gen.Elements("busy", "waiting") select new Instruction(Step.Status, name)),
        (1, Gen.Constant(new Instruction(Step.Throw))),
        (2, from name in Gen.Elements(Names) select new Instruction(Step.Send, name, Sink)),
        (2, Gen.Constant(new Instruction(Step.ContinueAsNew))),
        (depth < 2 ? 4 : 0, Children(depth)));

    private static Gen<Instruction> Children(int depth) =>
        from programs in depth < 2 ? Program(depth + 1).ListOf(2) : Gen.Constant(new List<IReadOnlyList<Instruction>>())
        from count in Gen.Choose(1, 2)
        from caught in Gen.Elements(true, false)
        select new Instruction(Step.Children, Caught: caught, Programs: [.. programs.Take(count)]);

    /// <summary>A program that does the same in whatever order events reach it.</summary>
    private static Gen<IReadOnlyList<Instruction>> SinkProgram() =>
        from length in Gen.Choose(1, 5)
        from instructions in Gen.OneOf(
            from name in Gen.Elements(Names) select new Instruction(Step.Wait, name),
            Gen.Elements(new Instruction(Step.Work), new Instruction(Step.Held), new Instruction(Step.Status, "busy"), new Instruction(Step.ContinueAsNew)))
            .ListOf(length)
        select (IReadOnlyList<Instruction>)[.. instructions];

    private static Gen<int> Seconds() => Gen.Elements(1, 10, 30, 800, 3_000);

    /// <summary>
    /// A rewind may or may not take back a failure that the program caught when it later throws by itself, so no program does both.
    /// </summary>
    private static IReadOnlyList<Instruction> Tidy(IReadOnlyList<Instruction> program) =>
        program.Any(static instruction => instruction.Caught) ? [.. program.Where(static instruction => instruction.Step != Step.Throw)] : [.. program];
}
