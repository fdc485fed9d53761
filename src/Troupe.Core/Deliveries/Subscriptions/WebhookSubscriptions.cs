using Microsoft.Extensions.Options;
using Troupe.Core.Hosting;
using Troupe.Core.Launching;
using Troupe.Core.Records;

namespace Troupe.Core.Deliveries.Subscriptions;

/// <summary>Makes, changes and finds subscriptions. What happens after a change has returned is told by it, whichever process leads events on.</summary>
public sealed class WebhookSubscriptions(ISettingStore settings, IOptions<WebhookOptions> options, TimeProvider time, PeerProcesses? peers = null)
{
    /// <summary>Subscriptions that there may be: 500.</summary>
    public const int Max = 500;

    /// <summary>How old what is read for each event may be, where another process has changed it: 2 s. Changes wait for as long.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly SettingsOf<WebhookSubscription> _store = new(settings, "webhook-subscription");
    private readonly SemaphoreSlim _reading = new(1, 1);
    private Known _known = Known.Stale();

    /// <summary>Adds one with a secret of its own. Null where there are <see cref="Max"/> already.</summary>
    public async Task<WebhookSubscription?> AddAsync(SubscriptionFields fields, string? secret, Caller caller, CancellationToken cancellationToken)
    {
        if ((await _store.ListAsync(cancellationToken)).Count >= Max)
            return null;
        var now = time.GetUtcNow();
        var added = fields.ApplyTo(new WebhookSubscription
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Url = fields.Url!,
            Types = ["*"],
            Secrets = [new SubscriptionSecret(secret ?? WebhookSecret.New(), now)],
            CreatedAt = now,
            CreatedBy = caller.User,
        });
        await _store.TryAddAsync(added.Id, added, cancellationToken);
        await TellAsync();
        return added;
    }

    public Task<WebhookSubscription?> GetAsync(string id, CancellationToken cancellationToken) => _store.GetAsync(id, cancellationToken);

    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<WebhookSubscription>> ListAsync(CancellationToken cancellationToken) => _store.ListAsync(cancellationToken);

    public Task<WebhookSubscription?> ChangeAsync(string id, SubscriptionFields fields, CancellationToken cancellationToken) =>
        UpdateAsync(id, fields.ApplyTo, cancellationToken);

    /// <summary>Puts a new secret first. The one before signs as well until it expires (<see cref="WebhookOptions.RotationOverlap"/>).</summary>
    public Task<WebhookSubscription?> RotateAsync(string id, string? secret, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var next = new SubscriptionSecret(secret ?? WebhookSecret.New(), now);
        return UpdateAsync(
            id,
            stored => stored with { Secrets = [next, stored.Secrets[0] with { ExpiresAt = now + options.Value.RotationOverlap }] },
            cancellationToken);
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var deleted = await _store.DeleteAsync(id, cancellationToken);
        await TellAsync();
        return deleted;
    }

    /// <summary>As the list, but read again only after some seconds or a change by this process.</summary>
    internal async ValueTask<IReadOnlyList<WebhookSubscription>> KnownAsync(CancellationToken cancellationToken)
    {
        if (Fresh(Volatile.Read(ref _known)) is { } held)
            return held;

        // Events come beside each other; one of them reads for all.
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var known = Volatile.Read(ref _known);
            if (Fresh(known) is { } current)
                return current;
            var readAt = time.GetTimestamp();
            var list = await _store.ListAsync(cancellationToken);

            // Not over a change that came while this was read.
            Interlocked.CompareExchange(ref _known, new Known(list, readAt), known);
            return list;
        }
        finally
        {
            _reading.Release();
        }
    }

    private IReadOnlyList<WebhookSubscription>? Fresh(Known known) => time.GetElapsedTime(known.ReadAt) < MaxAge ? known.List : null;

    private async Task<WebhookSubscription?> UpdateAsync(string id, Func<WebhookSubscription, WebhookSubscription> change, CancellationToken cancellationToken)
    {
        var changed = await _store.UpdateAsync(id, change, cancellationToken);
        await TellAsync();
        return changed;
    }

    /// <summary>Returns once neither this process nor another goes by what it read before.</summary>
    private Task TellAsync()
    {
        Volatile.Write(ref _known, Known.Stale());
        return peers?.UntilSeenAsync(MaxAge) ?? Task.CompletedTask;
    }

    /// <param name="List">Null where it is to be read.</param>
    private sealed record Known(IReadOnlyList<WebhookSubscription>? List, long ReadAt)
    {
        /// <summary>Each another object, so that a reader can tell whether there was a change meanwhile.</summary>
        public static Known Stale() => new(null, 0);
    }
}

/// <summary>What can be said of a subscription; null leaves it as it is.</summary>
public sealed record SubscriptionFields(
    Uri? Url, string? Description, IReadOnlyList<string>? Types, IReadOnlyList<string>? Tags, IReadOnlyList<string>? Workflows, bool? Enabled)
{
    internal WebhookSubscription ApplyTo(WebhookSubscription stored) => stored with
    {
        Url = Url ?? stored.Url,
        Description = Description ?? stored.Description,
        Types = Types ?? stored.Types,
        Tags = Tags ?? stored.Tags,
        Workflows = Workflows ?? stored.Workflows,
        Enabled = Enabled ?? stored.Enabled,
    };
}
