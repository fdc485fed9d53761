using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Troupe.Agents.Pricing;
using Troupe.Agents.Providers;

namespace Troupe.Agents;

/// <summary>Checks the options at start-up: each message names the key, what it holds and what it should.</summary>
internal sealed class AgentsOptionsValidator(IConfiguration configuration) : IValidateOptions<AgentsOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentsOptions options)
    {
        var wrong = new List<string>();
        void Require(bool ok, string key, object? found, string expected)
        {
            if (!ok)
                wrong.Add($"{AgentsOptions.Section}:{key} is '{found}', but must be {expected}.");
        }

        var names = string.Join(", ", ProviderNames.All);
        Require(options.Provider is null || IsProvider(options.Provider), "Provider", options.Provider, $"one of {names}");
        Require(options.Roots.All(root => !string.IsNullOrWhiteSpace(root)), "Roots", "", "a list of folders");
        Require(!string.IsNullOrWhiteSpace(options.DefaultAgent), "DefaultAgent", options.DefaultAgent, "an agent's name");
        Require(options.CommandTimeout > TimeSpan.Zero, "CommandTimeout", options.CommandTimeout, "longer than zero");
        Require(options.CommandOutputLimit > 0, "CommandOutputLimit", options.CommandOutputLimit, "a number of bytes above 0");
        foreach (var (provider, settings) in options.Providers)
        {
            var key = $"Providers:{provider}";
            Require(IsProvider(provider), key, provider, $"named as one of {names}");
            Require(settings.Timeout > TimeSpan.Zero, $"{key}:Timeout", settings.Timeout, "longer than zero");
            Require(settings.MaxOutputTokens is null or > 0, $"{key}:MaxOutputTokens", settings.MaxOutputTokens, "above 0");
            Require(settings.Endpoint is null || IsHttp(settings.Endpoint), $"{key}:Endpoint", settings.Endpoint, "an absolute http or https address");
        }

        foreach (var provider in ProviderNames.All)
        {
            if (ProviderKeys.EndpointVariableOf(provider) is { } variable && configuration[variable] is { Length: > 0 } text && !(Uri.TryCreate(text, UriKind.Absolute, out var address) && IsHttp(address)))
                wrong.Add($"{variable} is '{text}', but must be an absolute http or https address.");
        }

        CheckPrices(options, wrong);
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static void CheckPrices(AgentsOptions options, List<string> wrong)
    {
        try
        {
            _ = PriceTable.Load(options.PricesFile);
        }
        catch (InvalidDataException e)
        {
            wrong.Add($"{AgentsOptions.Section}:PricesFile: {e.Message}");
        }
    }

    private static bool IsProvider(string name) => ProviderNames.All.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsHttp(Uri address) => address.IsAbsoluteUri && address.Scheme is "http" or "https";
}
