namespace Troupe.Acceptance.Hosting;

/// <summary>Tests that measure time or load the host: one after the other, while no other test runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class QuietCollection
{
    public const string Name = "Quiet";
}
