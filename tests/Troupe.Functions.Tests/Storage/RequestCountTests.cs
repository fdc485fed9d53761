using Azure.Core;
using Azure.Core.Pipeline;
using Troupe.Core.Records;
using Troupe.Testing;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>What the commonest operations cost, in requests to the tables. More than that is a decision, not an accident.</summary>
public sealed class RequestCountTests : IAsyncLifetime
{
    private readonly string _prefix = AzureStores.NewPrefix();
    private readonly Counter _counter = new();
    private readonly AzureStores _stores;

    public RequestCountTests() => _stores = new AzureStores(_prefix, new ManualTimeProvider(), _counter);

    public Task InitializeAsync() => LaunchAsync("r");

    public async Task DisposeAsync()
    {
        await _stores.DisposeAsync();
        await AzureStores.RemoveAsync(_prefix);
    }

    [Fact]
    public async Task Launch_OneTask_TakesNineRequests() => Assert.Equal(9, await CountAsync(() => LaunchAsync("s")));

    [Fact]
    public async Task Launch_OneTaskWithAKey_TakesElevenRequests() => Assert.Equal(11, await CountAsync(() => LaunchAsync("s", "key")));

    [Fact]
    public async Task ChangeOfStatus_WithAnEvent_TakesEightRequests() => Assert.Equal(8, await CountAsync(() => _stores.Runs.UpdateRunAsync(
        "r", new(static run => run with { Status = WorkStatus.Running }, 1, SampleRecords.Event("e")), default)));

    [Fact]
    public async Task ChangeOfATask_WithAKeyedEvent_TakesSevenRequests() => Assert.Equal(7, await CountAsync(() => _stores.Runs.UpdateTaskAsync(
        "r:t", new(static task => task with { Status = WorkStatus.Running }, 1, SampleRecords.Event("e", "k")), default)));

    [Fact]
    public async Task StatusOfATask_TakesTwoRequests() => Assert.Equal(2, await CountAsync(() => _stores.Runs.GetTaskAsync("r:t", default)));

    [Fact]
    public async Task Totals_TakeTwoRequests() => Assert.Equal(2, await CountAsync(() => _stores.Runs.GetTotalsAsync("r", default)));

    [Fact]
    public async Task List_TakesOneRequestAndOneForEachRun()
    {
        await LaunchAsync("s");

        Assert.Equal(3, await CountAsync(() => _stores.Runs.ListRunsAsync(new RunQuery { Statuses = [WorkStatus.Queued] }, default)));
    }

    [Fact]
    public async Task EventsOfARun_TakeOneRequest() =>
        Assert.Equal(1, await CountAsync(() => _stores.Events.ReadAsync("r", 0, 100, default)));

    private Task LaunchAsync(string id, string? key = null) => _stores.Runs.TryCreateAsync(
        SampleRecords.Launch(SampleRecords.Run(id), SampleRecords.Task(id, "t")) with { IdempotencyKey = key, BodyHash = key }, default);

    private async Task<int> CountAsync(Func<Task> operation)
    {
        var before = _counter.Requests;
        await operation();
        return _counter.Requests - before;
    }

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
