using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Records;
using Troupe.Functions.Storage;
using Troupe.Testing;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>Transactions that are written while their answers are lost, so that the client sends them again.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly string _prefix = AzureStores.NewPrefix();
    private readonly LoseAnswers _network = new();
    private ServiceProvider _services = null!;

    private IRunStore Runs => _services.GetRequiredService<IRunStore>();

    public async Task InitializeAsync()
    {
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) } };
        options.AddPolicy(_network, HttpPipelinePosition.PerRetry);
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = AzureStores.Account,
            ["Troupe:AzureStorage:Prefix"] = _prefix,
        };
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new ManualTimeProvider())
            .AddLogging()
            .AddAzureStores(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton(new TableServiceClient(AzureStores.Account, options))
            .BuildServiceProvider();
        await Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r")), default);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await AzureStores.RemoveAsync(_prefix);
    }

    [Fact]
    public async Task TryCreateAsync_AnswerLost_IsCreatedOnce()
    {
        _network.Lose = 1;

        var result = await Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("s"), SampleRecords.Task("s", "t")), default);

        Assert.Equal((CreateRunOutcome.Created, 0), (result.Outcome, _network.Lose));
        Assert.Single(await _services.GetRequiredService<IEventLog>().ReadAsync("s", 0, 10, default));
    }

    [Fact]
    public async Task UpdateRunAsync_AnswerLost_IsAppliedAndToldOnce()
    {
        _network.Lose = 1;

        await Runs.UpdateRunAsync(
            "r", new(static run => run with { Usage = run.Usage.Add(new Usage(1)) }, null, SampleRecords.Event("e")), default);

        Assert.Equal((1, 0), ((await Runs.GetRunAsync("r", default))!.Usage.InputTokens, _network.Lose));
        Assert.Equal(2, (await _services.GetRequiredService<IEventLog>().ReadAsync("r", 0, 10, default)).Count);
        Assert.Equal(2, (await _services.GetRequiredService<IEventLog>().ReadAllAsync(0, 10, default)).Count);
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
