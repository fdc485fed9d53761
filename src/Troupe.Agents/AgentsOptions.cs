namespace Troupe.Agents;

/// <summary>Where agents come from and what runs them: the configuration section <c>Troupe:Agents</c>.</summary>
public sealed class AgentsOptions
{
    public const string Section = "Troupe:Agents";

    /// <summary>
    /// Folders of agent files, searched with everything below them; of two agents of one name the first folder's wins. A relative
    /// folder is looked for in the current directory, then beside the program. Default: none.
    /// </summary>
    public IList<string> Roots { get; init; } = [];

    /// <summary>Whether the agents shipped with the program are searched after <see cref="Roots"/>. Default true.</summary>
    public bool BuiltIn { get; set; } = true;

    /// <summary>The agent of a task that names none. Default <c>generalist</c>.</summary>
    public string DefaultAgent { get; set; } = "generalist";

    /// <summary>
    /// The provider of agents that name none: one of <see cref="ProviderNames"/>. Default: the first one that has its key, in the order
    /// anthropic, openai, azure-openai, gemini, openai-compatible; where none has, see <see cref="SimulateByDefault"/>.
    /// </summary>
    public string? Provider { get; set; }

    /// <summary>Whether the offline provider <c>simulated</c> answers where no provider is configured at all; otherwise such tasks fail. Default true.</summary>
    public bool SimulateByDefault { get; set; } = true;

    /// <summary>The local program of agents that name none, and its arguments: the prompt is its input, the result its output. Default: none.</summary>
    public IList<string> Command { get; init; } = [];

    /// <summary>How long a local program may run. Default 30 minutes.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The most that is read of a local program's output, in bytes. Default 64 MiB.</summary>
    public int CommandOutputLimit { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether agents put by API may name programs to run. Default false.</summary>
    public bool CommandsByApi { get; set; }

    /// <summary>A YAML or JSON file of prices, over those that are shipped: model → <c>{input, output}</c> in US dollars per million tokens. Default: none.</summary>
    public string? PricesFile { get; set; }

    /// <summary>Settings of providers by name.</summary>
    public IDictionary<string, ProviderOptions> Providers { get; init; } = new Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Settings of one provider: the section <c>Troupe:Agents:Providers:{name}</c>. What is null has the provider's own default.</summary>
public sealed class ProviderOptions
{
    /// <summary>The address of its API, for example <c>https://api.openai.com/v1</c>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The model of agents that name none, or <c>inherit</c> or <c>default</c>. For azure-openai: the deployment.</summary>
    public string? Model { get; set; }

    /// <summary>Which model an alias stands for, for example <c>opus</c>; over the provider's own aliases. For azure-openai also the deployment of a model.</summary>
    public IDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long one call may take. Default 10 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The bound on one answer where the agent sets none, in tokens. Default: the provider's; for anthropic, which needs one, 8192.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>The key, where the host's secret store gives it as configuration; otherwise the provider's environment variable is read.</summary>
    public string? ApiKey { get; set; }
}
