using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Engine.Crash.Work;

namespace Troupe.Engine.Crash.Subject;

/// <summary>The process that is killed: the engine over SQLite behind a few endpoints. It says "ready URL" once it answers.</summary>
internal static class SubjectServer
{
    // Few, so that instances leave memory and are replayed all the time.
    private const int LiveInstances = 40;

    public static async Task<int> RunAsync(string folder, int process)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_ => new Journal(folder, process, TimeProvider.System));
        builder.Services.AddTroupeEngine(WorkRegistry.Create(), options =>
        {
            options.DataFolder = folder;
            options.MaxLiveInstances = LiveInstances;
        });
        await using var host = builder.Build();
        host.MapSubject();
        await host.StartAsync();
        await Console.Out.WriteLineAsync($"ready {host.Urls.First()}");
        await host.WaitForShutdownAsync();
        return 0;
    }
}
