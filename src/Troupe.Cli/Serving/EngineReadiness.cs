using System.Globalization;
using Troupe.Engine;
using Troupe.Web.Health;

namespace Troupe.Cli.Serving;

/// <summary>The server is ready once the engine has set going what a run before left unfinished.</summary>
internal sealed class EngineReadiness(DurableEngine engine) : IReadiness
{
    public string? Pending
    {
        get
        {
            if (engine.IsReady)
                return null;
            var recovery = engine.Recovery;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Recovery goes on: {recovery.LookedAt:N0} of {recovery.Found:N0} instances with unfinished work have been looked at. New work is taken already.");
        }
    }
}
