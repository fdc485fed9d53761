namespace Troupe.Engine;

/// <summary>Where the engine's work runs: on the thread pool, unless a simulation runs it one piece at a time in an order of its own.</summary>
internal delegate void WorkScheduler(IThreadPoolWorkItem work);
