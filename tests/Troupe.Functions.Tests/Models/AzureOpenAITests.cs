using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Agents;
using Troupe.Agents.Providers.OpenAI;
using Troupe.Core.Agents;
using Troupe.Functions.Models;

namespace Troupe.Functions.Tests.Models;

/// <summary>Turns of an agent, against a stand-in of Azure OpenAI on a local port.</summary>
public sealed class AzureOpenAITests
{
    [Fact]
    public async Task Turn_NoKey_IsSignedInByIdentityAndStreams()
    {
        await using var resource = await ModelServer.StartAsync(ModelServer.Answer("Hello ", "world"));
        var credential = new ScriptedCredential("token-1");

        var result = await RunAsync(resource, credential);

        Assert.Equal("Hello world", result.Text);
        var request = Assert.Single(resource.Requests);
        Assert.Equal("/openai/v1/chat/completions", request.Path);
        Assert.Equal("Bearer token-1", request.Authorization);
        Assert.Equal("my-deployment", request.Body.GetProperty("model").GetString());
        Assert.True(request.Body.GetProperty("stream").GetBoolean());
        Assert.Equal(["https://cognitiveservices.azure.com/.default"], credential.Scopes);
    }

    [Fact]
    public async Task Turn_Answered_TellsWhatWasUsed()
    {
        await using var resource = await ModelServer.StartAsync(ModelServer.Answer("Hello"));

        var result = await RunAsync(resource, new ScriptedCredential("token-1"));

        Assert.Equal(11, result.Usage.InputTokens);
        Assert.Equal(7, result.Usage.OutputTokens);
    }

    [Fact]
    public async Task Turn_Throttled_IsNotRepeatedHereAndKeepsTheWait()
    {
        await using var resource = await ModelServer.StartAsync(429, "7");

        var result = await RunAsync(resource, new ScriptedCredential("token-1"));

        Assert.Equal(TimeSpan.FromSeconds(7), result.Failure!.RetryAfter);
        Assert.True(result.Failure.Retryable);
        Assert.Single(resource.Requests);
    }

    [Fact]
    public async Task Turn_NoIdentity_FailsForGoodAndSaysSo()
    {
        await using var resource = await ModelServer.StartAsync(ModelServer.Answer("Hello"));

        var result = await RunAsync(resource, new ScriptedCredential(null));

        Assert.False(result.Failure!.Retryable);
        Assert.Contains("no identity here", result.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(resource.Requests);
    }

    private static async Task<AgentTurnResult> RunAsync(ModelServer resource, ScriptedCredential credential)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AZURE_OPENAI_ENDPOINT"] = resource.Address.AbsoluteUri,
            ["AZURE_OPENAI_DEPLOYMENT"] = "my-deployment",
            ["Troupe:Agents:Provider"] = ProviderNames.AzureOpenAI,
        }).Build();
        await using var services = new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton<IAzureOpenAIClientFactory>(new AzureOpenAIClientFactory(credential))
            .AddTroupeAgents(configuration)
            .BuildServiceProvider();
        return await services.GetRequiredService<IAgentRunner>().RunTurnAsync(
            new AgentTurnRequest
            {
                Agent = new AgentDefinition { Name = "helper", SystemPrompt = "You help.", Version = "1" },
                Messages = [new(MessageRole.User, "Hello")],
            },
            CancellationToken.None);
    }
}
