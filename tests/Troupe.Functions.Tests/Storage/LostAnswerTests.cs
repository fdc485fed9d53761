using Azure.Core;
using Azure.Core.Pipeline;
using Troupe.Core.Records;
using Troupe.Testing;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>Transactions that are written while their answers are lost, so that the client sends them again.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly string _prefix = AzureStores.NewPrefix();
    private readonly LoseAnswers _network = new();
    private readonly AzureStores _stores;

    public LostAnswerTests() => _stores = new AzureStores(_prefix, new ManualTimeProvider(), _network);

    public Task InitializeAsync() => _stores.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r")), default);

    public async Task DisposeAsync()
    {
        await _stores.DisposeAsync();
        await AzureStores.RemoveAsync(_prefix);
    }

    [Fact]
    public async Task TryCreateAsync_AnswerLost_IsCreatedOnce()
    {
        _network.Lose = 1;

        var result = await _stores.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("s"), SampleRecords.Task("s", "t")), default);

        Assert.Equal((CreateRunOutcome.Created, 0), (result.Outcome, _network.Lose));
        Assert.Single(await _stores.Events.ReadAsync("s", 0, 10, default));
    }

    [Fact]
    public async Task UpdateRunAsync_AnswerLost_IsAppliedAndToldOnce()
    {
        _network.Lose = 1;

        await _stores.Runs.UpdateRunAsync(
            "r", new(static run => run with { Usage = run.Usage.Add(new Usage(1)) }, null, SampleRecords.Event("e")), default);

        Assert.Equal((1, 0), ((await _stores.Runs.GetRunAsync("r", default))!.Usage.InputTokens, _network.Lose));
        Assert.Equal(2, (await _stores.Events.ReadAsync("r", 0, 10, default)).Count);
        Assert.Equal(2, (await _stores.Events.ReadAllAsync(0, 10, default)).Count);
    }

    private sealed class LoseAnswers : HttpPipelinePolicy
    {
        /// <summary>How many answers to transactions on runs are still to be lost.</summary>
        public int Lose { get; set; }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await ProcessNextAsync(message, pipeline);
            if (Lose == 0 || !await IsOnRunsAsync(message.Request)) return;
            Lose--;
            throw new IOException("The connection was reset.");
        }

        private static async Task<bool> IsOnRunsAsync(Request request)
        {
            if (!request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal)) return false;
            using var body = new MemoryStream();
            await request.Content!.WriteToAsync(body, default);
            return System.Text.Encoding.UTF8.GetString(body.ToArray()).Contains("Runs", StringComparison.Ordinal);
        }
    }
}
