using Troupe.Core.Records;

namespace Troupe.Agents.Providers;

/// <summary>A failure that a provider reports: carries it through an SDK's call as it is.</summary>
internal sealed class ProviderException(Failure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    public Failure Failure { get; } = failure;
}
