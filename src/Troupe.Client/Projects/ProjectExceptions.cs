namespace Troupe.Client.Projects;

/// <summary>A task was asked for that the project does not have.</summary>
public sealed class UnknownTaskException(string taskName, IEnumerable<string> known)
    : ArgumentException($"The project has no task '{taskName}'. It has: {string.Join(", ", known.DefaultIfEmpty("none"))}.")
{
    public string TaskName { get; } = taskName;
}

/// <summary>A task needs others that have not completed and are not part of the same call.</summary>
public sealed class UnmetDependencyException(string taskName, IReadOnlyList<string> missing)
    : InvalidOperationException(
        $"The task '{taskName}' needs {string.Join(", ", missing.Select(name => $"'{name}'"))}, not completed so far. " +
        "Execute what it needs first, or pass it to the same ExecuteTasksParallelAsync call.")
{
    public string TaskName { get; } = taskName;

    public IReadOnlyList<string> Missing { get; } = missing;
}
