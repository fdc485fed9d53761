using Microsoft.Extensions.Logging;

namespace Troupe.Sqlite;

/// <summary>Whether the disk did what was last asked of it. A streak of failures is logged at its beginning and at its end, not each time.</summary>
/// <param name="doing">What fails, for the log.</param>
internal sealed class FailureStreak(string doing, string path, TimeProvider time, ILogger logger)
{
    /// <summary>On a disk that is nearly full small writes still succeed between large ones that fail: that makes one streak.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile SqliteException? _current;
    private long? _last;
    private long? _probed;
    private bool _isLogged;

    /// <summary>Why it failed the last time; null where it did not.</summary>
    internal SqliteException? Current => _current;

    internal void Failed(SqliteException failure)
    {
        lock (_gate)
        {
            _current = failure;
            var isNew = _last is not { } last || time.GetElapsedTime(last) >= Pause;
            _last = time.GetTimestamp();
            if (!isNew) return;
            _isLogged = true;
        }

        logger.LogError(failure, "{Doing} {Path} fails; until it succeeds again that is not logged any more", doing, path);
    }

    internal void Succeeded()
    {
        if (_current is null) return;
        lock (_gate)
        {
            _current = null;
            if (!_isLogged) return;
            _isLogged = false;
        }

        logger.LogInformation("{Doing} {Path} succeeds again", doing, path);
    }

    /// <summary>Whether it is time to try whether it works again: while it fails, once a second.</summary>
    internal bool TakeProbe()
    {
        if (_current is null) return false;
        lock (_gate)
        {
            if (_probed is { } probed && time.GetElapsedTime(probed) < BetweenProbes) return false;
            _probed = time.GetTimestamp();
            return true;
        }
    }
}
