namespace Troupe.Engine.Storage;

/// <summary>What is unfinished in a store.</summary>
/// <param name="Instances">That have not ended.</param>
/// <param name="Activities">Open calls.</param>
/// <param name="Timers">Instances that are to be woken at some time.</param>
/// <param name="Messages">In the inboxes.</param>
internal sealed record PendingWork(long Instances, long Activities, long Timers, long Messages);
