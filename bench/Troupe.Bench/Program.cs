using System.Globalization;
using Troupe.Bench.Measuring;
using Troupe.Bench.Servers;
using Troupe.Bench.Workloads;

// Usage: Troupe.Bench [W1 W2 …] [--runs N]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["server", var folder]) return await BenchServer.RunAsync(folder);
var runs = Array.IndexOf(args, "--runs") is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 5;
var chosen = args.Where(static arg => arg.StartsWith('W')).ToHashSet(StringComparer.OrdinalIgnoreCase);

Console.WriteLine(await Machine.DescribeAsync());
Console.WriteLine();
Console.WriteLine("| work | on the disk when it counts | measured | floor, and how much of its speed is reached | µs of processor per activity (floor) | bytes allocated per activity | bytes written per activity | goal |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var workload in Catalog.All.Where(workload => chosen.Count == 0 ? !workload.IsExtra : chosen.Contains(workload.Id)))
    Console.WriteLine(await workload.RowAsync(runs));
return 0;
