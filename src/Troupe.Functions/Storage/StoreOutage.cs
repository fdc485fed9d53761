using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using Troupe.Durable;

namespace Troupe.Functions.Storage;

/// <summary>
/// Says of a request that the client has given up after its own retries that the store is not available, so that callers are answered 503
/// and activities wait instead of failing.
/// </summary>
internal sealed partial class StoreOutage(ILogger<StoreOutage> logger) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            ProcessNext(message, pipeline);
        }
        catch (Exception failure) when (IsOutage(failure) && !message.CancellationToken.IsCancellationRequested)
        {
            throw Unreachable(message, failure);
        }

        Check(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception failure) when (IsOutage(failure) && !message.CancellationToken.IsCancellationRequested)
        {
            throw Unreachable(message, failure);
        }

        Check(message);
    }

    /// <summary>Several attempts that failed come as one exception; a connection that is refused has no status.</summary>
    private static bool IsOutage(Exception failure) =>
        failure is AggregateException or RequestFailedException { Status: 0 } or IOException or OperationCanceledException or AuthenticationFailedException;

    private void Check(HttpMessage message)
    {
        if (message.Response.Status is >= 500 or 408 or 429)
            throw Logged(new StoreUnavailableException($"The storage account at {message.Request.Uri.Host} answers {message.Response.Status} {message.Response.ReasonPhrase}."));
    }

    private StoreUnavailableException Unreachable(HttpMessage message, Exception failure)
    {
        var cause = failure is AggregateException { InnerExceptions: [.., var last] } ? last : failure;
        return Logged(new StoreUnavailableException($"The storage account at {message.Request.Uri.Host} could not be reached: {Told(cause)}.", failure), cause.Message);
    }

    /// <summary>Callers are told of it before they have shown who they are: nothing of tenants, identities and their endpoints.</summary>
    private static string Told(Exception cause) =>
        cause is AuthenticationFailedException ? "the app's identity was given no token" : cause.Message.TrimEnd('.', ' ');

    private StoreUnavailableException Logged(StoreUnavailableException unavailable, string? detail = null)
    {
        LogOutage(logger, unavailable.Reason, detail);
        return unavailable;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} {Detail}")]
    private static partial void LogOutage(ILogger logger, string reason, string? detail);
}
