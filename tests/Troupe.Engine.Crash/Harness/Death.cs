using Troupe.Engine.Crash.Judging;

namespace Troupe.Engine.Crash.Harness;

/// <summary>What was under way when a process was killed.</summary>
/// <param name="WasReady">False where it was killed in the midst of its start.</param>
/// <param name="Activities">Activities that had begun and not ended, by their own account.</param>
/// <param name="Requests">Requests that it had not answered.</param>
internal sealed record Death(bool WasReady, Wreckage Store, int Activities, long Requests);
