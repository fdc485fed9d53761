using Troupe.Durable;

namespace Troupe.Engine.Crash.Work;

internal static class WorkRegistry
{
    public static DurableTaskRegistry Create() => new DurableTaskRegistry()
        .AddActivity<Piece>()
        .AddActivity<Endless>()
        .AddActivity<Flaky>()
        .AddActivity<Fragile>()
        .AddOrchestrator<Chain>()
        .AddOrchestrator<FanOut>()
        .AddOrchestrator<Timers>()
        .AddOrchestrator<Collect>()
        .AddOrchestrator<Family>()
        .AddOrchestrator<Doomed>()
        .AddOrchestrator<Retrying>()
        .AddOrchestrator<Rewindable>();
}
