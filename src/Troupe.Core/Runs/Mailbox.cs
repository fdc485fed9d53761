namespace Troupe.Core.Runs;

/// <summary>
/// A queue inside one orchestrator that many durable tasks feed and one loop reads. It keeps the cost of waiting for "whatever
/// comes first" flat, where <c>Task.WhenAny</c> over all children grows with their number. Not safe for threads: an orchestrator has one.
/// </summary>
internal sealed class Mailbox<T>
{
    private readonly Queue<T> _items = new();
    private TaskCompletionSource? _waiter;

    public bool IsEmpty => _items.Count == 0;

    public void Post(T item)
    {
        _items.Enqueue(item);
        var waiter = _waiter;
        _waiter = null;
        waiter?.SetResult();
    }

    public async Task<T> TakeAsync()
    {
        while (_items.Count == 0)
        {
            _waiter = new TaskCompletionSource();
            await _waiter.Task;
        }

        return _items.Dequeue();
    }
}
