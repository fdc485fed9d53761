using System.Globalization;
using Troupe.Engine.Crash.Harness;
using Troupe.Engine.Crash.Subject;

// Usage: Troupe.Engine.Crash [KILLS [SEED]]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["serve", var data, var process]) return await SubjectServer.RunAsync(data, int.Parse(process, CultureInfo.InvariantCulture));

var options = new CrashOptions(
    args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300,
    args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Random.Shared.Next());
var folder = Directory.CreateTempSubdirectory("troupe-crash-").FullName;
Console.WriteLine($"seed {options.Seed}, data folder {folder}");
using var run = new CrashRun(options, folder, TimeProvider.System, Console.WriteLine);
Console.WriteLine(await run.RunAsync());
Directory.Delete(folder, recursive: true);
return 0;
