using Troupe.Core.Records;

namespace Troupe.Integrations.Tests.Support;

/// <summary>Settings that take nothing in until they are let.</summary>
internal sealed class HeldSettings(ISettingStore inner) : ISettingStore
{
    private readonly TaskCompletionSource _let = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Let() => _let.SetResult();

    public void Break() => _let.SetException(new InvalidOperationException("broken"));

    public async Task<bool> TryAddAsync(string kind, string id, string json, CancellationToken cancellationToken)
    {
        await _let.Task.WaitAsync(cancellationToken);
        return await inner.TryAddAsync(kind, id, json, cancellationToken);
    }

    public Task<Setting?> GetAsync(string kind, string id, CancellationToken cancellationToken) => inner.GetAsync(kind, id, cancellationToken);

    public Task<IReadOnlyList<Setting>> ListAsync(string kind, CancellationToken cancellationToken) => inner.ListAsync(kind, cancellationToken);

    public Task<bool> TryReplaceAsync(Setting read, string json, CancellationToken cancellationToken) => inner.TryReplaceAsync(read, json, cancellationToken);

    public Task<bool> DeleteAsync(string kind, string id, CancellationToken cancellationToken) => inner.DeleteAsync(kind, id, cancellationToken);
}
