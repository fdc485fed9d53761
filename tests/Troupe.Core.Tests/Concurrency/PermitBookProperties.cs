using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Troupe.Core.Concurrency;
using Troupe.Core.Json;
using Troupe.Durable;

namespace Troupe.Core.Tests.Concurrency;

/// <summary>Any order of requests, returns, limits and new executions, against a model that keeps one list.</summary>
public sealed class PermitBookProperties
{
    private static readonly string[] Keys = ["k", "l", "m"];

    [Fact]
    public void AnyMessages_GrantsWhatTheModelGrants_NeverMoreThanTheLimit() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Run).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void Run(int seed)
    {
        var random = new Random(seed);
        var now = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var book = new PermitBook(new PermitBookState(2, []));
        var (limit, held, waiting) = (2, new List<PermitAsk>(), new List<(PermitAsk Ask, DateTime Place)>());
        for (var step = 0; step < 200; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(20));
            var again = Step();
            var expected = new List<string>(again);
            foreach (var key in waiting.Select(static wait => wait.Ask.Key).Distinct(StringComparer.Ordinal).ToList())
            {
                while (held.Count(ask => ask.Key == key) < limit && waiting.Exists(wait => wait.Ask.Key == key))
                {
                    var next = waiting.Where(wait => wait.Ask.Key == key).MinBy(static wait => wait.Place);
                    waiting.Remove(next);
                    held.Add(next.Ask);
                    expected.Add(next.Ask.Holder);
                }
            }

            Assert.Equal(expected.Order(StringComparer.Ordinal), book.Grant(now).Select(static permit => permit.Holder).Order(StringComparer.Ordinal));
            Assert.Equal(new PermitCount(limit, held.Count, waiting.Count), book.Count);
            if (random.Next(10) == 0)
                book = new PermitBook(JsonSerializer.Deserialize<PermitBookState>(JsonSerializer.Serialize(book.State, TroupeJson.Options), TroupeJson.Options)!);
        }

        List<string> Step()
        {
            var (holder, number) = ($"{random.Next(20)}", random.Next(1, 3));
            switch (random.Next(8))
            {
                case 0:
                    limit = random.Next(1, 5);
                    book.SetLimit(limit);
                    return [];
                case < 5:
                    var ask = new PermitAsk(holder, number, Keys[random.Next(Keys.Length)], (ActivityPriority)random.Next(-1, 2));
                    book.Ask(ask, now);
                    held.RemoveAll(had => had.Holder == holder && had.Number != number);
                    waiting.RemoveAll(wait => wait.Ask.Holder == holder && wait.Ask.Number != number);
                    if (held.Exists(had => had.Holder == holder))
                        return [holder];
                    if (!waiting.Exists(wait => wait.Ask.Holder == holder))
                        waiting.Add((ask, now + ((ActivityPriority.High - ask.Priority) * PermitBook.Ageing)));
                    return [];
                default:
                    book.Return(new ReturnedPermit(holder, number));
                    held.RemoveAll(had => had.Holder == holder && had.Number == number);
                    waiting.RemoveAll(wait => wait.Ask.Holder == holder && wait.Ask.Number == number);
                    return [];
            }
        }
    }
}
