using System.Collections.Frozen;
using Troupe.Core.Hosting;
using Troupe.Core.Launching;

namespace Troupe.Core.Access;

/// <summary>
/// The keys that open something, held in memory. What this process changes counts at once; what another one changed, within
/// <see cref="MaxAge"/>, which a change waits for where there are others: once it has returned, it counts everywhere. Looking a text up
/// costs the same whether or not its id exists.
/// </summary>
public sealed class KeyRing(IKeyStore store, TimeProvider time, PeerProcesses? peers = null)
{
    /// <summary>Keys that are not revoked at most; making one more is refused.</summary>
    public const int MaxKeys = 1_000;

    /// <summary>The browsers that one key signs in at a time; the oldest session ends for one more.</summary>
    public const int MaxSessions = 20;

    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    /// <summary>Compared with where there is no key, so that the comparison tells nothing by its time.</summary>
    private static readonly string NoHash = new('0', 64);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lock _joining = new();
    private Task<Snapshot>? _joined;
    private volatile Snapshot? _snapshot;
    private volatile bool _everHeld;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether there is a key that is not revoked, or has been since this process began: a server never opens by itself.</summary>
    public async ValueTask<bool> HoldsKeysAsync(CancellationToken cancellationToken)
    {
        if (!_everHeld)
            await CurrentAsync(cancellationToken);
        return _everHeld;
    }

    /// <summary>Completes when what some key opens has changed, as far as this process knows. Taken before looking and awaited after, it misses nothing.</summary>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) => Volatile.Read(ref _changed).Task.WaitAsync(cancellationToken);

    /// <summary>The key of a text; null where it opens nothing, for whatever reason.</summary>
    public async ValueTask<ApiKey?> FindAsync(string text, CancellationToken cancellationToken) =>
        await MatchAsync(text, KeyText.KeyPrefix, cancellationToken) is { SessionOf: null } key ? key : null;

    /// <summary>The session of a text and the key that it stands for; null where it opens nothing.</summary>
    public async ValueTask<(ApiKey Session, ApiKey Key)?> FindSessionAsync(string text, CancellationToken cancellationToken)
    {
        if (await MatchAsync(text, KeyText.SessionPrefix, cancellationToken) is not { SessionOf: { } parent } session)
            return null;
        var keys = (await CurrentAsync(cancellationToken)).Keys;
        return keys.GetValueOrDefault(parent) is { } key && key.IsLive(time.GetUtcNow()) ? (session, key) : null;
    }

    /// <summary>Makes a key of a checked wish and tells its text, this once.</summary>
    /// <exception cref="KeyLimitException">There are <see cref="MaxKeys"/>.</exception>
    public async Task<(ApiKey Key, string Text)> CreateAsync(NewKey wanted, Caller by, CancellationToken cancellationToken)
    {
        if (wanted.Check() is { Count: > 0 } problems)
            throw new ArgumentException($"The key is not in order: {problems[0].Message}", nameof(wanted));
        if ((await ReadAsync(cancellationToken)).Keys.Values.Count(static key => key.SessionOf is null) >= MaxKeys)
            throw new KeyLimitException();
        return await PutAsync(KeyText.KeyPrefix, Draft(wanted, by), cancellationToken);
    }

    /// <summary>Lets a key in whose text this server has never seen. False where there is one of that id, also where it is revoked.</summary>
    public async Task<bool> TryAdmitAsync(KeyDigest digest, NewKey wanted, Caller by, CancellationToken cancellationToken)
    {
        var admitted = await store.TryPutAsync(Draft(wanted, by) with { Id = digest.Id, Hash = digest.Hash }, cancellationToken);
        if (admitted)
            await ReadAsync(CancellationToken.None);
        return admitted;
    }

    /// <summary>Makes a session of a key, which ends by itself, and tells its text.</summary>
    public async Task<(ApiKey Session, string Text)> OpenSessionAsync(ApiKey key, TimeSpan life, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = key.ExpiresAt < now + life ? key.ExpiresAt : now + life;
        await EndSessionsAsync(key, now, cancellationToken);
        return await PutAsync(
            KeyText.SessionPrefix,
            key with { Name = "session", CreatedAt = now, CreatedBy = key.Owner, ExpiresAt = end, LastUsedAt = null, SessionOf = key.Id },
            cancellationToken);
    }

    /// <summary>Revokes a key or a session; when this returns, it opens nothing any more. Null where there is none.</summary>
    public async Task<ApiKey?> RevokeAsync(string keyId, Caller by, CancellationToken cancellationToken)
    {
        var revoked = await store.RevokeAsync(keyId, time.GetUtcNow(), by.User, cancellationToken);
        await TellAsync();
        return revoked;
    }

    /// <summary>Deletes the sessions that are over.</summary>
    public Task<int> ClearSessionsAsync(CancellationToken cancellationToken) => store.DeleteSessionsAsync(time.GetUtcNow(), cancellationToken);

    /// <summary>Keys without sessions, oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(bool revokedToo, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(revokedToo, cancellationToken)).Where(static key => key.SessionOf is null)];

    private ApiKey Draft(NewKey wanted, Caller by) => new()
    {
        Id = "",
        Name = wanted.Name.Trim(),
        Hash = "",
        Roles = wanted.Roles,
        Owner = wanted.Owner.Trim(),
        Groups = [.. wanted.Groups.Distinct(StringComparer.Ordinal)],
        CreatedAt = time.GetUtcNow(),
        CreatedBy = by.User,
        ExpiresAt = time.GetUtcNow() + wanted.Expires,
    };

    private async ValueTask<ApiKey?> MatchAsync(string text, string prefix, CancellationToken cancellationToken)
    {
        var id = KeyText.IdOf(text, prefix);
        var keys = (await CurrentAsync(cancellationToken)).Keys;
        var key = id is null ? null : keys.GetValueOrDefault(id);
        return KeyText.Matches(text, key?.Hash ?? NoHash) && key?.IsLive(time.GetUtcNow()) == true ? key : null;
    }

    private async Task<(ApiKey Key, string Text)> PutAsync(string prefix, ApiKey draft, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (text, id, hash) = KeyText.Mint(prefix);
            var key = draft with { Id = id, Hash = hash };
            if (!await store.TryPutAsync(key, cancellationToken))
                continue;
            await TellAsync();
            return (key, text);
        }
    }

    /// <summary>Returns once what the store holds by now counts here and in every other process.</summary>
    private async Task TellAsync()
    {
        await ReadAsync(CancellationToken.None);
        await (peers?.UntilSeenAsync(MaxAge) ?? Task.CompletedTask);
    }

    /// <summary>Ends the key's oldest sessions so that there is room for one, and clears away those of any key that are over.</summary>
    private async Task EndSessionsAsync(ApiKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sessions = (await ReadAsync(cancellationToken)).Keys.Values.Where(static one => one.SessionOf is not null).ToList();
        var over = sessions.Where(session => !session.IsLive(now));
        var tooMany = sessions.Where(session => session.SessionOf == key.Id && session.IsLive(now))
            .OrderByDescending(static session => session.CreatedAt).Skip(MaxSessions - 1);
        foreach (var session in over.Concat(tooMany).ToList())
            await store.RevokeAsync(session.Id, now, key.Owner, cancellationToken);
    }

    private ValueTask<Snapshot> CurrentAsync(CancellationToken cancellationToken) =>
        _snapshot is { } held && IsFresh(held) ? ValueTask.FromResult(held) : new ValueTask<Snapshot>(ReadTogetherAsync(cancellationToken));

    /// <summary>One reading for all who come meanwhile: one behind the other they would wait for as many time-outs of a store that does not answer.</summary>
    private async Task<Snapshot> ReadTogetherAsync(CancellationToken cancellationToken)
    {
        var came = time.GetTimestamp();
        while (true)
        {
            var read = await JoinAsync().WaitAsync(cancellationToken);
            if (IsFresh(read) || read.ReadAt >= came)
                return read;
        }
    }

    private Task<Snapshot> JoinAsync()
    {
        lock (_joining)
            return _joined = _joined is { IsCompleted: false } underWay ? underWay : ReadAsync(CancellationToken.None, force: false);
    }

    /// <summary>Reads the store, one reader at a time, so that a reading begun later is never replaced by one begun before.</summary>
    private async Task<Snapshot> ReadAsync(CancellationToken cancellationToken, bool force = true)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!force && _snapshot is { } held && IsFresh(held))
                return held;
            var begun = time.GetTimestamp();
            var keys = await store.ListAsync(revokedToo: false, cancellationToken);
            if (keys.Any(static key => key.SessionOf is null))
                _everHeld = true;
            var before = _snapshot;
            var now = _snapshot = new Snapshot(keys.ToFrozenDictionary(static key => key.Id, StringComparer.Ordinal), begun);
            if (before is not null && !now.OpensAs(before))
                Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return now;
        }
        finally
        {
            _reading.Release();
        }
    }

    private bool IsFresh(Snapshot held) => time.GetElapsedTime(held.ReadAt) < MaxAge;

    private sealed record Snapshot(FrozenDictionary<string, ApiKey> Keys, long ReadAt)
    {
        /// <summary>Whether the same keys open the same.</summary>
        public bool OpensAs(Snapshot other) => Keys.Count == other.Keys.Count && Keys.Values.All(key =>
            other.Keys.GetValueOrDefault(key.Id) is { } old && old.Owner == key.Owner && old.Roles == key.Roles && old.ExpiresAt == key.ExpiresAt);
    }
}

/// <summary>There are as many keys as there may be.</summary>
public sealed class KeyLimitException() : InvalidOperationException($"There are {KeyRing.MaxKeys} keys already; revoke those that nobody uses.");
