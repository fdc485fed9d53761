namespace Troupe.Agents.Providers.OpenAI;

/// <summary>An API that speaks OpenAI's chat completions.</summary>
/// <param name="Endpoint">Its address; null where only configuration can tell.</param>
/// <param name="NeedsKey">False where it may be called without one, or with an identity instead.</param>
/// <param name="LegacyMaxTokens">It bounds an answer by <c>max_tokens</c>, not by <c>max_completion_tokens</c>.</param>
internal sealed record OpenAIFlavor(string Name, ModelNames Models, Uri? Endpoint, bool NeedsKey, bool LegacyMaxTokens = false)
{
    private static readonly string[] GptNames = ["gpt-", "chatgpt-", "o1", "o3", "o4", "codex-", "ft:"];

    public static OpenAIFlavor OpenAI { get; } = new(
        ProviderNames.OpenAI, new("gpt-5.4", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", GptNames), new("https://api.openai.com/v1"), NeedsKey: true);

    public static OpenAIFlavor Azure { get; } = new(ProviderNames.AzureOpenAI, new(null, null, null, null, GptNames), null, NeedsKey: false);

    public static OpenAIFlavor Gemini { get; } = new(
        ProviderNames.Gemini,
        new("gemini-3.5-flash", "gemini-3.1-pro-preview", "gemini-3.5-flash", "gemini-3-flash-preview", ["gemini-", "gemma-"]),
        new("https://generativelanguage.googleapis.com/v1beta/openai/"),
        NeedsKey: true);

    public static OpenAIFlavor Compatible { get; } = new(
        ProviderNames.OpenAICompatible, new(null, null, null, null, null), null, NeedsKey: false, LegacyMaxTokens: true);
}
