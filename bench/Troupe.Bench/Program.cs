using System.Globalization;
using Troupe.Bench;

// Usage: Troupe.Bench [W1 W2 …] [--runs N]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["child", var folder]) return await ChildProcess.RunAsync(folder);
var runs = Array.IndexOf(args, "--runs") is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 5;
var chosen = args.Where(static arg => arg.StartsWith('W')).ToHashSet(StringComparer.OrdinalIgnoreCase);

Console.WriteLine(await Machine.DescribeAsync());
Console.WriteLine();
Console.WriteLine("| work | measured (median of runs) | goal |");
Console.WriteLine("|---|---|---|");
foreach (var workload in Workloads.All.Where(workload => chosen.Count == 0 || chosen.Contains(workload.Id)))
{
    var results = new List<IReadOnlyList<Figure>>();
    for (var run = 0; run < runs; run++) results.Add(await workload.RunAsync());
    var figures = results[0].Select((figure, index) => figure with { Value = Statistics.Median(results.Select(result => result[index].Value)) });
    Console.WriteLine($"| {workload.Id}: {workload.What} | {string.Join("; ", figures)} | {workload.Goal} |");
}

return 0;
