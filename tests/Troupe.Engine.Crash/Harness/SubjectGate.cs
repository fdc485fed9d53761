namespace Troupe.Engine.Crash.Harness;

/// <summary>A process that answers.</summary>
internal sealed record LiveSubject(int Number, HttpClient Http);

/// <summary>Leads whoever has something to ask to the process that lives now, or to the next one.</summary>
internal sealed class SubjectGate
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<LiveSubject> _next = New();
    private LiveSubject? _current;

    public void Open(LiveSubject subject)
    {
        TaskCompletionSource<LiveSubject> next;
        lock (_gate)
        {
            (next, _next) = (_next, New());
            _current = subject;
        }

        next.SetResult(subject);
    }

    public void Close()
    {
        LiveSubject? closed;
        lock (_gate) (closed, _current) = (_current, null);
        closed?.Http.Dispose();
    }

    /// <summary>A process later than the given one.</summary>
    public async Task<LiveSubject> AfterAsync(int number, CancellationToken cancellation)
    {
        while (true)
        {
            Task<LiveSubject> next;
            lock (_gate)
            {
                if (_current is { } current && current.Number > number) return current;
                next = _next.Task;
            }

            if (await next.WaitAsync(cancellation) is var opened && opened.Number > number) return opened;
        }
    }

    private static TaskCompletionSource<LiveSubject> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
