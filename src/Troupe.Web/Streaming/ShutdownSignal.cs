using Microsoft.Extensions.Hosting;

namespace Troupe.Web.Streaming;

/// <summary>Ends what would otherwise keep a stopping server from stopping.</summary>
internal sealed class ShutdownSignal(IHostApplicationLifetime lifetime)
{
    public CancellationToken Token => lifetime.ApplicationStopping;
}
