using System.Globalization;

namespace Troupe.Engine.Tests.Model;

/// <summary>A script of operations, and the seed that decides in which order everything happens meanwhile.</summary>
/// <param name="MaxLiveInstances">Instances that the engine keeps in memory: few make it replay often.</param>
internal sealed record Scenario(int Seed, int MaxLiveInstances, IReadOnlyList<Operation> Operations)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}, at most {MaxLiveInstances} live instances:\n{string.Join("\n", Operations.Select(static operation => $"    {operation};"))}\n");
}
