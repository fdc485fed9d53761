namespace Troupe.Engine.Tests.Model;

/// <summary>Makes a failing scenario smaller: fewer operations first, then simpler ones.</summary>
internal static class ScenarioShrinker
{
    public static IEnumerable<Scenario> Shrink(Scenario scenario)
    {
        foreach (var operations in Fewer(scenario.Operations)) yield return scenario with { Operations = operations };
        for (var i = 0; i < scenario.Operations.Count; i++)
        {
            foreach (var simpler in Simpler(scenario.Operations[i]))
                yield return scenario with { Operations = [.. scenario.Operations.Take(i), simpler, .. scenario.Operations.Skip(i + 1)] };
        }

        if (scenario.MaxLiveInstances < 10_000) yield return scenario with { MaxLiveInstances = 10_000 };
        if (scenario.Seed > 0) yield return scenario with { Seed = 0 };
    }

    private static IEnumerable<IReadOnlyList<T>> Fewer<T>(IReadOnlyList<T> all)
    {
        for (var size = all.Count; size > 0; size /= 2)
        {
            for (var from = 0; from < all.Count; from += size) yield return [.. all.Take(from), .. all.Skip(from + size)];
        }
    }

    private static IEnumerable<Operation> Simpler(Operation operation)
    {
        switch (operation)
        {
            case Start start:
                foreach (var program in Simpler(start.Program)) yield return start with { Program = program };
                if (start.DelaySeconds > 0) yield return start with { DelaySeconds = 0 };
                break;
            case Raise { Delivery: not null } raise:
                yield return raise with { Delivery = null };
                break;
            case CrashDuring crash:
                yield return crash.Operation;
                foreach (var simpler in Simpler(crash.Operation).OfType<ClientOperation>()) yield return crash with { Operation = simpler };
                break;
            case FaultDuring fault:
                yield return fault.Operation;
                foreach (var simpler in Simpler(fault.Operation).OfType<ClientOperation>()) yield return fault with { Operation = simpler };
                break;
            case RestartProcess { Crash: true }:
                yield return new RestartProcess(Crash: false);
                break;
        }
    }

    private static IEnumerable<IReadOnlyList<Instruction>> Simpler(IReadOnlyList<Instruction> program)
    {
        foreach (var fewer in Fewer(program)) yield return fewer;
        for (var i = 0; i < program.Count; i++)
        {
            foreach (var simpler in Simpler(program[i])) yield return [.. program.Take(i), simpler, .. program.Skip(i + 1)];
        }
    }

    private static IEnumerable<Instruction> Simpler(Instruction instruction)
    {
        if (instruction.Programs is not { } programs) yield break;
        if (programs.Count > 1) yield return instruction with { Programs = [programs[0]] };
        for (var i = 0; i < programs.Count; i++)
        {
            foreach (var simpler in Simpler(programs[i]))
                yield return instruction with { Programs = [.. programs.Take(i), simpler, .. programs.Skip(i + 1)] };
        }
    }
}
