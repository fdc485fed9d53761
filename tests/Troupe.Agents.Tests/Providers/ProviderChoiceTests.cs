using Troupe.Agents.Running;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Providers;

public sealed class ProviderChoiceTests
{
    [Theory]
    [InlineData("simulated", "")]
    [InlineData("anthropic", "OPENAI_API_KEY=k|ANTHROPIC_API_KEY=k|GEMINI_API_KEY=k")]
    [InlineData("openai", "GEMINI_API_KEY=k|AZURE_OPENAI_ENDPOINT=https://a.example|OPENAI_API_KEY=k")]
    [InlineData("azure-openai", "AZURE_OPENAI_ENDPOINT=https://a.example|AZURE_OPENAI_DEPLOYMENT=d|GOOGLE_API_KEY=k")]
    [InlineData("gemini", "GOOGLE_API_KEY=k|OPENAI_COMPATIBLE_ENDPOINT=http://localhost:1/v1|OPENAI_COMPATIBLE_MODEL=m")]
    [InlineData("openai-compatible", "OPENAI_COMPATIBLE_ENDPOINT=http://localhost:1/v1|OPENAI_COMPATIBLE_MODEL=m")]
    [InlineData("gemini", "Provider=gemini|ANTHROPIC_API_KEY=k")]
    [InlineData("simulated", "ANTHROPIC_API_KEY=  ")]
    public void NameFor_TheFirstThatIsConfigured(string expected, string settings)
    {
        using var host = AgentsHost.Create(settings.Split('|', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(expected, host.Get<ProviderRegistry>().NameFor(Agent.With("name: a")));
        Assert.Equal("command", host.Get<ProviderRegistry>().NameFor(Agent.With("provider: command")));
    }

    [Theory]
    [InlineData("anthropic", FailureKinds.MissingApiKey, "ANTHROPIC_API_KEY")]
    [InlineData("openai", FailureKinds.MissingApiKey, "OPENAI_API_KEY")]
    [InlineData("gemini", FailureKinds.MissingApiKey, "GEMINI_API_KEY or GOOGLE_API_KEY")]
    [InlineData("azure-openai", FailureKinds.MissingApiKey, "AZURE_OPENAI_ENDPOINT")]
    [InlineData("openai-compatible", FailureKinds.MissingApiKey, "OPENAI_COMPATIBLE_ENDPOINT")]
    public async Task MissingKey_IsForGoodAndNamesTheVariable(string provider, string kind, string variable)
    {
        using var host = AgentsHost.Create();

        var failure = (await host.RunAsync(Agent.With($"provider: {provider}"))).Failure!;

        Assert.Equal((kind, false), (failure.Kind, failure.Retryable));
        Assert.Contains(variable, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("azure-openai", "AZURE_OPENAI_ENDPOINT=https://a.example", "AZURE_OPENAI_DEPLOYMENT")]
    [InlineData("openai-compatible", "OPENAI_COMPATIBLE_ENDPOINT=http://localhost:1", "OPENAI_COMPATIBLE_MODEL")]
    public async Task MissingModel_NamesTheSetting(string provider, string setting, string says)
    {
        using var host = AgentsHost.Create(setting);

        var failure = (await host.RunAsync(Agent.With($"provider: {provider}"))).Failure!;

        Assert.Equal((FailureKinds.MissingDependencies, false), (failure.Kind, failure.Retryable));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }
}
