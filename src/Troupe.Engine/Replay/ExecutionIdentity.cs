namespace Troupe.Engine.Replay;

/// <summary>What an execution knows about itself.</summary>
/// <param name="Execution">1 for the first execution of the instance, one more after each ContinueAsNew or restart.</param>
internal sealed record ExecutionIdentity(string Name, string InstanceId, string Version, string? ParentInstanceId, int Execution);
