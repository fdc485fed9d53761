using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Troupe.Agents.Providers;

/// <summary>Keys and addresses of providers: from the host's configuration, which holds the environment's variables too.</summary>
internal sealed class ProviderKeys(IOptions<AgentsOptions> options, IConfiguration configuration)
{
    private static readonly Dictionary<string, string[]> Variables = new(StringComparer.OrdinalIgnoreCase)
    {
        [ProviderNames.Anthropic] = ["ANTHROPIC_API_KEY"],
        [ProviderNames.OpenAI] = ["OPENAI_API_KEY"],
        [ProviderNames.AzureOpenAI] = ["AZURE_OPENAI_API_KEY"],
        [ProviderNames.Gemini] = ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        [ProviderNames.OpenAICompatible] = ["OPENAI_COMPATIBLE_API_KEY"],
    };

    private static readonly Dictionary<string, string> EndpointVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        [ProviderNames.Anthropic] = "ANTHROPIC_BASE_URL",
        [ProviderNames.OpenAI] = "OPENAI_BASE_URL",
        [ProviderNames.AzureOpenAI] = "AZURE_OPENAI_ENDPOINT",
        [ProviderNames.OpenAICompatible] = "OPENAI_COMPATIBLE_ENDPOINT",
    };

    private static readonly Dictionary<string, string> ModelVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        [ProviderNames.AzureOpenAI] = "AZURE_OPENAI_DEPLOYMENT",
        [ProviderNames.OpenAICompatible] = "OPENAI_COMPATIBLE_MODEL",
    };

    /// <summary>The variables that hold a provider's key, for messages.</summary>
    public static string VariableOf(string provider) => string.Join(" or ", Variables[provider]);

    public static string? EndpointVariableOf(string provider) => EndpointVariables.GetValueOrDefault(provider);

    public static string? ModelVariableOf(string provider) => ModelVariables.GetValueOrDefault(provider);

    public ProviderOptions OptionsOf(string provider) => options.Value.Providers.TryGetValue(provider, out var found) ? found : Defaults;

    public string? KeyOf(string provider) =>
        NotEmpty(OptionsOf(provider).ApiKey) ?? Variables[provider].Select(name => NotEmpty(configuration[name])).FirstOrDefault(key => key is not null);

    /// <summary>The configured address, else the provider's own variable, else what is given.</summary>
    public Uri? EndpointOf(string provider, Uri? standard)
    {
        var named = EndpointVariables.TryGetValue(provider, out var variable) ? NotEmpty(configuration[variable]) : null;
        return OptionsOf(provider).Endpoint ?? (named is null ? standard : new Uri(named, UriKind.Absolute));
    }

    /// <summary>The model that the provider's own variable names.</summary>
    public string? ModelOf(string provider) => ModelVariables.TryGetValue(provider, out var variable) ? NotEmpty(configuration[variable]) : null;

    public IEnumerable<string?> Secrets() => Variables.Keys.Select(KeyOf);

    private static ProviderOptions Defaults { get; } = new();

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
