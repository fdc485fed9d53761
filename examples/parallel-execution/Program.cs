using System.Diagnostics;
using System.Globalization;
using Troupe.Client;
using Troupe.Client.Projects;

// Three reviews side by side, then a summary that needs all of them. The work runs on the server, durably: stop this program at any
// moment and it goes on there.
var address = new Uri(Environment.GetEnvironmentVariable("TROUPE_URL") ?? "http://127.0.0.1:7070");
var diff = await File.ReadAllTextAsync(args is [var path] ? path : Path.Combine(AppContext.BaseDirectory, "change.diff"));

using var client = TroupeClient.Connect(address);
var project = new ProjectOrchestrator(
    client,
    new AgentTask("correctness", "code-reviewer", $"Review this change for bugs.\n\n{diff}"),
    new AgentTask("security", "security-auditor", $"Review this change for security holes.\n\n{diff}"),
    new AgentTask("performance", "performance-analyzer", $"Review this change for what it costs at run time.\n\n{diff}"),
    new AgentTask("summary", "code-reviewer", "Sum up these reviews for the author: what must change, what may.")
    {
        Needs = ["correctness", "security", "performance"],
    });

try
{
    var watch = Stopwatch.StartNew();
    var results = await project.ExecuteTasksParallelAsync(["correctness", "security", "performance", "summary"], maxConcurrency: 3);
    foreach (var result in results)
        Console.WriteLine($"{result.Name}: {result.Status} {result.Error?.Message}");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results.Count} tasks in {watch.Elapsed.TotalSeconds:0.0} s, run {results[0].WorkflowId}"));
    Console.WriteLine();
    Console.WriteLine(project.Results["summary"].Text);
    return results.All(static result => result.Succeeded) ? 0 : 1;
}
catch (TroupeUnreachableException)
{
    Console.Error.WriteLine($"No server answers at {address}. Start one: dotnet run --project src/Troupe.Cli -- serve");
    return 4;
}
