namespace Troupe.Agents;

/// <summary>What an agent's <c>provider</c> may be.</summary>
public static class ProviderNames
{
    public const string Anthropic = "anthropic";
    public const string OpenAI = "openai";
    public const string AzureOpenAI = "azure-openai";
    public const string Gemini = "gemini";
    public const string OpenAICompatible = "openai-compatible";
    public const string Command = "command";
    public const string Simulated = "simulated";

    public static IReadOnlyList<string> All { get; } = [Anthropic, OpenAI, AzureOpenAI, Gemini, OpenAICompatible, Command, Simulated];
}
