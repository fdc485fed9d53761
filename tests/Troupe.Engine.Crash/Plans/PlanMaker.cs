using System.Globalization;
using Troupe.Engine.Crash.Work;

namespace Troupe.Engine.Crash.Plans;

/// <summary>Draws plans: the same number and seed give the same plan.</summary>
internal sealed class PlanMaker(int seed, TimeProvider time)
{
    private const int LargeEvent = 1_200_000;

    public Plan Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var id = string.Create(CultureInfo.InvariantCulture, $"i{number}");
        var suspends = random.Next(6) == 0 ? random.Next(1, 4) : 0;
        return random.Next(100) switch
        {
            < 15 => new ChainPlan(id, random, ChainOf(random)) { Suspends = suspends },
            < 30 => new FanOutPlan(id, random, FanOutOf(random)) { Suspends = suspends },
            < 45 => new TimersPlan(id, random, DelaysOf(random)) { Suspends = suspends },
            < 65 => new CollectPlan(id, random, CollectOf(random), random.Next(4) == 0 ? LargeEvent : 0) { Suspends = suspends },
            < 75 => new FamilyPlan(id, random, new FamilyInput(ChainOf(random), FanOutOf(random), CollectOf(random))) { Suspends = suspends },
            < 82 => new DoomedPlan(id, random, random.Next(3)),
            < 89 => new RetryPlan(id, random, RetryOf(random)) { Suspends = suspends },
            < 95 => new RewindPlan(id, random, random.Next(2) == 0),
            < 98 => new RestartPlan(id, random, ChainOf(random)),
            _ => LateOf(id, random),
        };
    }

    private static ChainInput ChainOf(Random random) => new(random.Next(2, 25), random.Next(0, 25));

    private static FanOutInput FanOutOf(Random random) =>
        random.Next(5) == 0 ? new(random.Next(100, 400), random.Next(0, 20)) : new(random.Next(2, 12), random.Next(0, 60));

    private static int[] DelaysOf(Random random) => [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(1, 250))];

    private static CollectInput CollectOf(Random random) => new(0, random.Next(1, 10), random.Next(1, 4), random.Next(0, 30), []);

    private static RetryInput RetryOf(Random random) =>
        random.Next(6) == 0 ? new(99, random.Next(1, 4), 30) : new(random.Next(1, 4), 4, random.Next(10, 120));

    private ChainPlan LateOf(string id, Random random)
    {
        var startAt = time.GetUtcNow().AddMilliseconds(random.Next(50, 1_000));
        return new ChainPlan(id, random, ChainOf(random) with { NotBefore = startAt.UtcTicks }, startAt);
    }
}
