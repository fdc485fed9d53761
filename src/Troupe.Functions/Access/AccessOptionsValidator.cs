using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Functions.Hosting;

namespace Troupe.Functions.Access;

internal sealed class AccessOptionsValidator(IConfiguration configuration) : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var problems = new List<string>();
        if (options is { EntraId: false, Local: false, FirstKey: null })
            problems.Add($"{Key(nameof(options.EntraId))} is false, so that nobody could be told apart: switch it on together with App Service authentication, or set {Key(nameof(options.FirstKey))} to what 'troupe keys hash' prints; on a developer's own machine, {Key(nameof(options.Local))}.");
        if (options.FirstKey is { } first && KeyDigest.Parse(first) is null)
            problems.Add(FirstKeyProblem(first));
        if (options is { EntraId: true, Local: true })
            problems.Add($"{Key(nameof(options.EntraId))} and {Key(nameof(options.Local))} are both true: choose one.");
        if (options.EntraId && !AppService.Authenticates(configuration))
            problems.Add($"{Key(nameof(options.EntraId))} is true, but App Service authentication is off ({AppService.AuthenticationVariable} is not True), so that anyone could send its headers: switch it on for this app.");
        if (options.Local && !AppService.IsDevelopersMachine(configuration))
            problems.Add($"{Key(nameof(options.Local))} is true, but this is no developer's machine (func start sets {AppService.EnvironmentVariable} to Development there): use {Key(nameof(options.EntraId))}.");
        if (string.IsNullOrWhiteSpace(options.UserClaim))
            problems.Add($"{Key(nameof(options.UserClaim))} is empty: name a claim.");
        problems.AddRange(options.AppRoles
            .Where(static entry => !RolesExtensions.TryParse(entry.Key, out _) || string.IsNullOrWhiteSpace(entry.Value))
            .Select(static entry => $"{Key(nameof(AccessOptions.AppRoles))}:{entry.Key} is '{entry.Value}': the keys are Reader, Operator, Approver and Admin, the values app roles."));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Settings are shown to many: what stands there is not repeated.</summary>
    private static string FirstKeyProblem(string value) => KeyText.IsWithin(value)
        ? $"{Key(nameof(AccessOptions.FirstKey))} holds a key itself, which others can read there: make a new one with 'troupe keys hash', and give the digest that it prints."
        : $"{Key(nameof(AccessOptions.FirstKey))} is no digest of a key: give what 'troupe keys hash' prints, 12 letters and digits, a colon and 64 hexadecimal digits.";

    private static string Key(string property) => $"{AccessOptions.Section}:{property}";
}
