using Microsoft.Extensions.Options;
using Troupe.Core.Access;

namespace Troupe.Integrations.Slack;

/// <summary>Checks the options at start-up: each message names the key, what it holds (but no secret) and what it should.</summary>
internal sealed class SlackOptionsValidator : IValidateOptions<SlackOptions>
{
    public ValidateOptionsResult Validate(string? name, SlackOptions options)
    {
        var wrong = new List<string>();
        if (options.SigningSecret is { Length: > 0 and < 16 })
            Add("SigningSecret", "is too short to be one: copy it from the app's page, 'Basic Information'.");
        if (options.IncomingWebhookUrl is { } hook && !IsWeb(hook))
            Add("IncomingWebhookUrl", "must be an absolute http or https address.");
        if (!IsBase(options.ApiUrl))
            Add("ApiUrl", $"is '{options.ApiUrl}', but must be an absolute http or https address that ends with '/'.");
        if (!IsBase(options.ResponseUrl))
            Add("ResponseUrl", $"is '{options.ResponseUrl}', but must be an absolute http or https address that ends with '/'.");
        foreach (var (id, user) in options.Users)
        {
            if (string.IsNullOrWhiteSpace(user.User))
                Add($"Users:{id}:User", "is missing: name who that is here.");
            foreach (var role in user.Roles.Where(static role => !RolesExtensions.TryParse(role, out _)))
                Add($"Users:{id}:Roles", $"holds '{role}', but there are reader, operator, approver and admin.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Add(string key, string problem) => wrong.Add($"{SlackOptions.Section}:{key} {problem}");
    }

    private static bool IsBase(Uri url) => IsWeb(url) && url.AbsolutePath.EndsWith('/') && url.Query.Length == 0;

    private static bool IsWeb(Uri url) => url.IsAbsoluteUri && url.Scheme is "http" or "https";
}
