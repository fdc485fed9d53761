using Azure.Core;
using Azure.Core.Pipeline;
using Troupe.Core.Records;

namespace Troupe.Functions.Tests.Storage.Counting;

/// <summary>The stores of one instance, whose requests are counted.</summary>
internal sealed class CountedStores : IAsyncDisposable
{
    private readonly Counter _counter = new();
    private readonly AzureStores _stores;

    public CountedStores(string prefix, TimeProvider time) => _stores = new AzureStores(prefix, time, _counter);

    public IRunStore Runs => _stores.Runs;

    public IEventLog Events => _stores.Events;

    public T Get<T>()
        where T : notnull => _stores.Get<T>();

    /// <summary>The requests that an operation makes.</summary>
    public async Task<int> CountAsync(Func<Task> operation)
    {
        var before = _counter.Requests;
        await operation();
        return _counter.Requests - before;
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private sealed class Counter : HttpPipelinePolicy
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            Interlocked.Increment(ref _requests);
            return ProcessNextAsync(message, pipeline);
        }
    }
}
