namespace Troupe.Engine.Tests.Model;

/// <summary>
/// Runs everything that a simulated process does, one piece at a time, in an order drawn from a seed. Continuations come back here because
/// it is the synchronization context of each piece.
/// </summary>
internal sealed class Pump(Random random) : SynchronizationContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<Func<Task>> _work = [];
    private TaskCompletionSource? _posted;

    /// <summary>Pieces of work done so far.</summary>
    public int Turns { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => Add(() => Run(d, state));

    public override SynchronizationContext CreateCopy() => this;

    public void Add(Action work) => Add(() =>
    {
        work();
        return Task.CompletedTask;
    });

    /// <summary>Nothing else runs until the task that the work returns has ended.</summary>
    public void Add(Func<Task> work)
    {
        lock (_gate)
        {
            _work.Add(work);
            _posted?.TrySetResult();
            _posted = null;
        }
    }

    /// <summary>Starts a call as a piece of work.</summary>
    public Task<T> Start<T>(Func<Task<T>> call)
    {
        var result = new TaskCompletionSource<T>();
        Post(static follow => _ = ((Func<Task>)follow!)(), (Func<Task>)FollowAsync);
        return result.Task;

        async Task FollowAsync()
        {
            try
            {
                result.SetResult(await call());
            }
            // Whatever the call throws is its answer.
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        }
    }

    /// <summary>Works until there is nothing left to do, or the turns are up.</summary>
    public async Task RunUntilIdleAsync(int turns = int.MaxValue)
    {
        while (turns-- > 0 && Draw() is { } work) await RunAsync(work);
    }

    /// <summary>Works until a task has ended that may also wait for other threads.</summary>
    public async Task RunUntilAsync(Task end)
    {
        while (true)
        {
            await RunUntilIdleAsync();
            if (end.IsCompleted) return;
            await PostedAsync().WaitAsync(Patience, TimeProvider.System);
        }
    }

    private static Task Run(SendOrPostCallback callback, object? state)
    {
        callback(state);
        return Task.CompletedTask;
    }

    private async Task RunAsync(Func<Task> work)
    {
        Turns++;
        var outer = Current;
        SetSynchronizationContext(this);
        Task rest;
        try
        {
            rest = work();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }

        if (!rest.IsCompletedSuccessfully) await rest.WaitAsync(Patience, TimeProvider.System);
    }

    private Func<Task>? Draw()
    {
        lock (_gate)
        {
            if (_work.Count == 0) return null;
            var index = random.Next(_work.Count);
            var work = _work[index];
            _work.RemoveAt(index);
            return work;
        }
    }

    private Task PostedAsync()
    {
        lock (_gate)
        {
            if (_work.Count > 0) return Task.CompletedTask;
            return (_posted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
