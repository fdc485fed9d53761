namespace Troupe.Agents.Providers;

/// <summary>The models of one provider: what an agent file's <c>model</c> means there.</summary>
/// <param name="Standard">The model of agents that name none; null where only configuration can tell.</param>
/// <param name="Opus">For the alias <c>opus</c>: the strongest.</param>
/// <param name="Sonnet">For the alias <c>sonnet</c>: the everyday one.</param>
/// <param name="Haiku">For the alias <c>haiku</c>: the quick one.</param>
/// <param name="Family">How names of its own models begin; null where it may serve any.</param>
internal sealed record ModelNames(string? Standard, string? Opus, string? Sonnet, string? Haiku, string[]? Family)
{
    private static readonly string[][] Families = [["claude-"], ["gpt-", "chatgpt-", "o1", "o3", "o4", "codex-"], ["gemini-"]];

    /// <summary>Null where the agent names no model and none is configured.</summary>
    public string? Resolve(string? asked, ProviderOptions options)
    {
        var name = asked?.Trim() ?? "";
        if (options.Aliases.TryGetValue(name, out var configured))
            return configured;
        var standard = options.Model ?? Standard;
        return name.ToLowerInvariant() switch
        {
            "" or "inherit" or "default" => standard,
            "opus" or "opusplan" or "fable" => Opus ?? standard,
            "sonnet" => Sonnet ?? standard,
            "haiku" => Haiku ?? standard,
            var other when IsForeign(other) => ByTier(other) ?? standard,
            _ => name,
        };
    }

    // An agent file made for another vendor's models still runs: on the model of the same tier, else on the standard one.
    private bool IsForeign(string name) =>
        Family is not null && !StartsWithOne(name, Family) && Array.Exists(Families, family => StartsWithOne(name, family));

    private string? ByTier(string name) =>
        name.Contains("opus", StringComparison.Ordinal) || name.EndsWith("-pro", StringComparison.Ordinal) ? Opus
            : name.Contains("haiku", StringComparison.Ordinal) || name.EndsWith("-mini", StringComparison.Ordinal) || name.EndsWith("-flash", StringComparison.Ordinal) ? Haiku
            : name.Contains("sonnet", StringComparison.Ordinal) ? Sonnet : null;

    private static bool StartsWithOne(string name, string[] prefixes) =>
        Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
