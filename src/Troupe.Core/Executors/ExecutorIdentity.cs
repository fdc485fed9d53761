namespace Troupe.Core.Executors;

/// <summary>This process among those that work on tasks.</summary>
/// <param name="Id">Unique for each start of a process; begins with the machine's name.</param>
public sealed record ExecutorIdentity(string Id)
{
    public static ExecutorIdentity Create() => new($"{Environment.MachineName}-{Guid.NewGuid():N}"[..(Environment.MachineName.Length + 9)]);
}
