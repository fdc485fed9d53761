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
        if (!options.EntraId && !options.Local)
            problems.Add($"{Key(nameof(options.EntraId))} is false, so that nobody could be told apart: switch it on together with App Service authentication; on a developer's own machine, {Key(nameof(options.Local))}.");
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

    private static string Key(string property) => $"{AccessOptions.Section}:{property}";
}
