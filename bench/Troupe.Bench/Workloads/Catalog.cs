using Troupe.Bench.Floor;

namespace Troupe.Bench.Workloads;

internal static class Catalog
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1", "fan out 1,000 no-op activities, fan in", "every result", "≥ 30,000 /s", Throughput.FanOutAsync) { FloorAsync = FloorWork.FanOutAsync },
        new("W2", "chain of 200 no-op activities", "every step", "≤ 0.25 ms a step", Throughput.ChainAsync) { FloorAsync = FloorWork.ChainAsync },
        new("W3", "1,000 one-activity runs, 16 starters, in process", "start, before it is answered; end", "≥ 15,000 /s", Throughput.StartersAsync)
        {
            FloorAsync = FloorWork.StartersAsync,
        },
        new("W3h", "the same over HTTP", "start, before it is answered; end", "≥ 85 % of the floor", Throughput.HttpStartersAsync)
        {
            FloorAsync = FloorWork.HttpStartersAsync,
        },
        new("W4", "a fresh process with an HTTP server", "the run", "< 90 MiB; < 0.5 s", Restarts.FreshAsync),
        new("W5", "a step as history grows", "every step", "flat (± 10 %)", Growth.RunAsync),
        new("W6", "restart with 100,000 waiting instances", "all", "< 2 s; < 300 MiB", Restarts.WaitingAsync),
        new("W6i", "60 s of idleness with 100,000 waiting instances", "all", "< 0.5 % of a core", Restarts.IdleAsync) { IsLong = true },
        new("W6f", "the same as W6 and W2 beside 1,000,000 finished instances", "all", "as without", Restarts.FinishedAsync) { IsLong = true, IsExtra = true },
        new("W7", "kill -9 with 10,000 waiting instances, restart, raise 10,000 events over HTTP", "every event, before it is answered; every end", "< 0.5 s; < 2 s", Restarts.KillAsync),
        new("W8", "10,000 timers due at one instant", "every end", "p50 < 0.2 s; max < 0.5 s", Timers.RunAsync),
    ];
}
