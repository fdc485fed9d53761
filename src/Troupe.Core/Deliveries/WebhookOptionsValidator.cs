using Microsoft.Extensions.Options;

namespace Troupe.Core.Deliveries;

/// <summary>Checks the options at start-up: each message names the key, what it holds (but no secret) and what it should.</summary>
public sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var wrong = new List<string>();
        if (options.MaxRetries is < 0 or > 20)
            Add("MaxRetries", $"is {options.MaxRetries}, but must be 0 to 20.");
        if (options.RetryDelay < TimeSpan.FromMilliseconds(1) || options.RetryDelay > TimeSpan.FromHours(1))
            Add("RetryDelay", $"is {options.RetryDelay}, but must be 1 ms to 1 h.");
        if (options.RotationOverlap < TimeSpan.Zero || options.RotationOverlap > TimeSpan.FromDays(30))
            Add("RotationOverlap", $"is {options.RotationOverlap}, but must be 0 to 30 days.");
        if (options.Secret is { Length: > 0 } secret && WebhookSecret.TryParse(secret) is null)
            Add("Secret", "is not usable: it must be 'whsec_' and 24 to 64 bytes in base64, for example 'whsec_' and what 'openssl rand -base64 32' prints.");
        if (options.PublicUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            Add("PublicUrl", $"is '{url}', but must be an absolute http or https address.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Add(string key, string problem) => wrong.Add($"{WebhookOptions.Section}:{key} {problem}");
    }
}
