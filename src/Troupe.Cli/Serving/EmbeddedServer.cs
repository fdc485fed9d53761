using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Cli.Terminal;
using Troupe.Core.Access;
using Troupe.Web.Hosting;

namespace Troupe.Cli.Serving;

/// <summary>The whole product in this process: HTTP API, domain, durable engine and stores on one data folder.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder _data;
    private readonly ServerDescriptor _descriptor;

    private EmbeddedServer(WebApplication app, DataFolder data, ServerDescriptor descriptor)
    {
        _app = app;
        _data = data;
        _descriptor = descriptor;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address => _descriptor.Url;

    /// <summary>Starts on the data folder, recovers what was going on there, and returns once requests are answered.</summary>
    /// <exception cref="Sqlite.SqliteDatabaseInUseException">Another process has the data folder; the message says which.</exception>
    /// <exception cref="CommandException">The address is taken, the folder cannot be made, or the configuration is wrong.</exception>
    public static async Task<EmbeddedServer> StartAsync(ServerSettings settings, Shell shell, CancellationToken cancellationToken)
    {
        var begun = shell.Time.GetTimestamp();
        var isExposed = !ListenAddress.IsLoopback(settings.Url);
        if (isExposed && !File.Exists(settings.Data.RecordsPath))
            throw ListenAddress.NeedsKeys(settings.Url, settings.Data);
        settings.Data.Create();
        WebApplication? app = null;
        try
        {
            app = Build(settings, shell);
            UnknownKeys.Warn(app.Services);
            if (isExposed && !await HasKeysAsync(app, cancellationToken))
                throw ListenAddress.NeedsKeys(settings.Url, settings.Data);
            await app.StartAsync(cancellationToken);
            var listening = AddressOf(app);
            var descriptor = new ServerDescriptor(ListenAddress.ReachedAt(listening), Environment.ProcessId, shell.Time.GetUtcNow());
            descriptor.Write(settings.Data);
            if (settings.Announce)
                await StartupReport.WriteAsync(app, settings, listening, shell.Time.GetElapsedTime(begun), cancellationToken);
            return new EmbeddedServer(app, settings.Data, descriptor);
        }
        catch (Exception failure)
        {
            if (app is not null)
                await app.DisposeAsync();
            if (StartupFailure.Explain(failure, settings) is { } explained)
                throw explained;
            throw;
        }
    }

    /// <summary>Takes no more requests, lets what is being answered end (10 s at most), and closes the stores.</summary>
    public async Task StopAsync()
    {
        _descriptor.Remove(_data);
        await _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ServerSettings settings, Shell shell)
    {
        // Empty on purpose: no address, no settings file and no environment variable of the framework's own can open another endpoint.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "troupe", ContentRootPath = settings.Data.Path });
        ServerConfiguration.Add(builder.Configuration, settings);
        ServerLogging.Add(builder.Logging, builder.Configuration, settings.Announce);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Listen(kestrel, settings.Url);
        });
        Composition.Add(builder.Services, builder.Configuration, settings.Data, shell.Time);
        if (!ListenAddress.IsLoopback(settings.Url))
            builder.Services.PostConfigure<TroupeWebOptions>(static web => web.RequireKeys = true);
        var app = builder.Build();
        Composition.Use(app);
        return app;
    }

    /// <summary>Whether a key opens the server. Revoked and expired ones do not.</summary>
    private static async Task<bool> HasKeysAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var keys = await app.Services.GetRequiredService<KeyRing>().ListAsync(revokedToo: false, cancellationToken);
        return keys.Any(key => key.IsLive(app.Services.GetRequiredService<TimeProvider>().GetUtcNow()));
    }

    private static void Listen(KestrelServerOptions kestrel, Uri url)
    {
        if (IPAddress.TryParse(url.IdnHost, out var address))
            kestrel.Listen(address, url.Port);
        else if (url.Port == 0)
            kestrel.Listen(IPAddress.Loopback, 0);
        else
            kestrel.ListenLocalhost(url.Port);
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
