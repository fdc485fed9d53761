using System.ClientModel;
using System.Net.Sockets;
using System.Text.Json;
using Anthropic.Exceptions;
using Azure.Identity;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers;

/// <summary>Sorts what a call threw into an expected failure. Messages are free of secrets.</summary>
internal sealed class FailureSorter(Redactor redactor)
{
    /// <summary>Null for what no provider is expected to throw: a bug.</summary>
    public Failure? Sort(string provider, Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (SortOne(provider, e) is { } failure)
                return failure with { Message = redactor.Clean(failure.Message), Detail = failure.Detail is null ? null : redactor.Clean(failure.Detail) };
        }

        return null;
    }

    private static Failure? SortOne(string provider, Exception e) => e switch
    {
        ProviderException known => known.Failure,
        AnthropicSseException => Unavailable(provider, "reported an error in the middle of its answer", e),
        JsonException or AnthropicInvalidDataException or FormatException or KeyNotFoundException or ArgumentOutOfRangeException { Source: "OpenAI" } =>
            new(FailureKinds.ProviderError, $"{provider} sent an answer that can't be read: {e.Message}", Retryable: true, Detail: e.GetType().Name),
        CredentialUnavailableException => new(FailureKinds.MissingApiKey, $"No Azure credential was found for {provider}: {e.Message}"),
        AuthenticationFailedException => new(FailureKinds.Unauthorized, $"Azure refused the credential for {provider}: {e.Message}"),
        HttpRequestException or SocketException or IOException or HttpIOException => Unavailable(provider, "could not be reached or broke the connection", e),
        TimeoutException or OperationCanceledException => new(FailureKinds.TimedOut, $"{provider} did not answer in time.", Retryable: true),
        ClientResultException { Status: 0, InnerException: null } => Unavailable(provider, "broke the connection", e),
        _ => null,
    };

    private static Failure Unavailable(string provider, string what, Exception e) =>
        new(FailureKinds.ProviderUnavailable, $"{provider} {what}: {e.Message}", Retryable: true, Detail: e.GetType().Name);
}
