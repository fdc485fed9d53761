namespace Troupe.Sqlite.Writing;

/// <summary>One caller's work in a shared transaction.</summary>
internal abstract class WriteItem
{
    private Exception? _failure;

    /// <summary>Why nothing of it was kept; null where it is committed.</summary>
    internal Exception? Failure => _failure;

    /// <summary>Runs the work; what it throws is kept for the caller.</summary>
    internal bool TryRun(SqliteSession session)
    {
        try
        {
            _failure = null;
            Run(session);
            return true;
        }
        catch (Exception exception)
        {
            _failure = exception;
            return false;
        }
    }

    internal void Fail(Exception exception) => _failure = exception;

    /// <summary>Answers the caller. The transaction has ended by now.</summary>
    /// <param name="translate">Makes what the caller gets of a failure of the disk.</param>
    internal void Complete(Func<SqliteException, Exception> translate)
    {
        if (_failure is SqliteException { IsStorageFailure: true } storage) CompleteWith(translate(storage));
        else if (_failure is { } failure) CompleteWith(failure);
        else CompleteWithResult();
    }

    protected abstract void Run(SqliteSession session);

    protected abstract void CompleteWithResult();

    protected abstract void CompleteWith(Exception failure);
}

internal sealed class WriteItem<T>(Func<SqliteSession, T> work) : WriteItem
{
    // Continuations never run on the writer's thread.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    internal Task<T> Answer => _answer.Task;

    protected override void Run(SqliteSession session) => _result = work(session);

    protected override void CompleteWithResult() => _answer.SetResult(_result);

    protected override void CompleteWith(Exception failure) => _answer.SetException(failure);
}
