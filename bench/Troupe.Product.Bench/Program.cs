using System.Globalization;
using Troupe.Product.Bench;
using Troupe.Product.Bench.Webhooks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["receive", var live, var dead]:
        return await Receiver.RunAsync(int.Parse(live, CultureInfo.InvariantCulture), int.Parse(dead, CultureInfo.InvariantCulture));
    case ["webhooks", ..]:
        await WebhooksAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3);
        return 0;
}

await using var server = await Server.StartAsync();
if (args is ["idle", var count])
{
    Console.WriteLine(await IdleAsync(server, int.Parse(count, CultureInfo.InvariantCulture)));
    return 0;
}

var client = server.Client;
await Measurements.LaunchesAsync(client, 100, 200);

Console.WriteLine("| what | measured | goal |");
Console.WriteLine("|---|---|---|");
var launches = await Measurements.LaunchesAsync(client, 50, 500);
Row("A1: 500 launches at 50/s", $"p50 {At(launches, 0.5):0.0} ms, p99 {At(launches, 0.99):0.0} ms", "p99 < 50 ms");

await Measurements.TasksAsync(client, "direct", 50);
await Measurements.TasksAsync(client, "through-command", 20);
var direct = await Measurements.TasksAsync(client, "direct", 300);
var command = await Measurements.TasksAsync(client, "through-command", 100);
Row("C4: our own time per task, direct", $"p50 {At(direct, 0.5):0.0} ms, p99 {At(direct, 0.99):0.0} ms", "p50 < 10 ms");
Row("C4: the same through a local program", $"p50 {At(command, 0.5):0.0} ms: direct takes {1 - (At(direct, 0.5) / At(command, 0.5)):0 %} less", "≥ 30 % less");

Row("B2: 20 tasks of 1 s, limit 20", $"{await Measurements.BatchAsync(client, "one-second", 20, 20):0.00} s", "< 1.5 s");
Row("B2: 50 tasks of 1 s, limit 10", $"{await Measurements.BatchAsync(client, "one-second", 50, 10):0.00} s", "< 6 s");
var three = await Measurements.BatchAsync(client, "two-seconds", 3, 3);
var serial = await Measurements.BatchAsync(client, "two-seconds", 3, 1);
Row("B2: 3 tasks of 2 s", $"{three:0.00} s, {serial / three:0.00} times faster than one by one", "< 3 s, ≥ 2.9 times");
Console.WriteLine(await IdleAsync(server, 10_000));
return 0;

static async Task WebhooksAsync(int rounds)
{
    Console.WriteLine("| receivers | deliveries to live ones | attempts that reached dead ones | p50 | p95 | p99 |");
    Console.WriteLine("|---|---|---|---|---|---|");
    for (var round = 0; round < rounds; round++)
    {
        Tell("90 live", await Deliveries.MeasureAsync(dead: 10, deadSubscribe: false));
        Tell("90 live, 10 dead", await Deliveries.MeasureAsync(dead: 10, deadSubscribe: true));
    }

    static void Tell(string who, Received got) =>
        Console.WriteLine($"| {who} | {got.Taken:N0} | {got.Wasted:N0} | {At(got.Late, 0.5):0.0} ms | {At(got.Late, 0.95):0.0} ms | {At(got.Late, 0.99):0.0} ms |");
}

static async Task<string> IdleAsync(Server server, int runs)
{
    var (processor, memory) = await Idleness.MeasureAsync(server, runs);
    return $"| {runs:N0} runs that wait for approval, idle for 60 s | {processor:0.00} % of a core; {memory:0} MiB | < 0.5 % of a core |";
}

static double At(IReadOnlyList<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

static void Row(string what, string measured, string goal) => Console.WriteLine($"| {what} | {measured} | {goal} |");
