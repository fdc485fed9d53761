using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Engine;
using Troupe.Engine.CrashSubject;

// Works until it is killed, and says what was accepted: "started <id>", "raised <id> <n>".
var (folder, round) = (args[0], args[1]);
await using var engine = new DurableEngine(
    CrashWork.Registry(), new EngineOptions { DataFolder = folder }, NoServices.Instance, NullLoggerFactory.Instance, TimeProvider.System);
await engine.StartAsync(CancellationToken.None);
await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => CrashWork.LoadAsync(engine.Client, $"{round}-{worker}")));
