using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>The callbacks that a launch waits for, with their tokens, which the server tells this once.</summary>
internal static class CallbackLines
{
    public static IEnumerable<string> Of(LaunchResponse launched) => (launched.Callbacks ?? []).Select(static callback => callback.Token is { } token
        ? $"Callback {callback.Name}: POST JSON to {callback.Url} with the header x-callback-token: {token} (told this once)"
        : $"Callback {callback.Name}: POST JSON to {callback.Url} with the token told at the first launch, or an operator's key");
}
