using Microsoft.Extensions.Options;

namespace Troupe.Core.Concurrency;

/// <summary>Checks the options at start-up: each message names the key, what it holds and what it should.</summary>
public sealed class ConcurrencyOptionsValidator : IValidateOptions<ConcurrencyOptions>
{
    private const int Most = 10_000;

    public ValidateOptionsResult Validate(string? name, ConcurrencyOptions options)
    {
        var wrong = new List<string>();
        Check(nameof(options.Agents), options.Agents);
        Check(nameof(options.WebhooksPerReceiver), options.WebhooksPerReceiver);
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Check(string key, int? limit)
        {
            if (limit is < 1 or > Most)
                wrong.Add($"{ConcurrencyOptions.Section}:{key} is {limit}, but must be 1 to {Most}; leave it out for the host's default.");
        }
    }
}
