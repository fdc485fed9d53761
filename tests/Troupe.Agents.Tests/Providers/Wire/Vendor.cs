namespace Troupe.Agents.Tests.Providers.Wire;

/// <summary>How one vendor is configured and what its answers look like on the wire.</summary>
internal sealed record Vendor(string Name, string Path, Func<Uri, string[]> Settings, VendorFormat Format)
{
    public const string Key = "test-key-1234567890";

    public static IReadOnlyList<Vendor> All { get; } =
    [
        new("openai", "/v1/chat/completions", address => [$"OPENAI_API_KEY={Key}", $"OPENAI_BASE_URL={address}v1"], new OpenAIFormat()),
        new("azure-openai", "/openai/v1/chat/completions", address => [$"AZURE_OPENAI_API_KEY={Key}", $"AZURE_OPENAI_ENDPOINT={address}", "AZURE_OPENAI_DEPLOYMENT=my-deployment"], new OpenAIFormat()),
        new("gemini", "/v1beta/openai/chat/completions", address => [$"GOOGLE_API_KEY={Key}", $"Providers:gemini:Endpoint={address}v1beta/openai/"], new OpenAIFormat()),
        new("openai-compatible", "/v1/chat/completions", address => [$"OPENAI_COMPATIBLE_API_KEY={Key}", $"OPENAI_COMPATIBLE_ENDPOINT={address}v1", "OPENAI_COMPATIBLE_MODEL=llama"], new OpenAIFormat()),
        new("anthropic", "/v1/messages", address => [$"ANTHROPIC_API_KEY={Key}", $"ANTHROPIC_BASE_URL={address}"], new AnthropicFormat()),
    ];

    public static TheoryData<string> Names => [.. All.Select(vendor => vendor.Name)];

    public static Vendor Of(string name) => All.Single(vendor => vendor.Name == name);

    public AgentsHost Host(VendorServer server, params string[] more) => AgentsHost.Create([.. Settings(server.Address), .. more]);
}

/// <summary>Builds answers in a vendor's format.</summary>
internal abstract class VendorFormat
{
    /// <summary>A whole answer: the pieces of its text, 11 tokens in and 7 out.</summary>
    public abstract string Answer(params string[] pieces);

    /// <summary>The beginning of an answer.</summary>
    public abstract string Beginning(string piece);

    /// <summary>An answer that calls tools instead.</summary>
    public abstract string ToolCall(string id, string name, string[] argumentPieces);

    /// <summary>An answer that a filter cut short.</summary>
    public abstract string Filtered();

    /// <summary>An event that is no JSON.</summary>
    public abstract string Garbage();

    public abstract string Error(string code, string message);
}
