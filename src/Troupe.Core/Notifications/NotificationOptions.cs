using Microsoft.Extensions.Options;

namespace Troupe.Core.Notifications;

/// <summary>Notifications: the section <c>Troupe:Notifications</c> of the configuration.</summary>
public sealed class NotificationOptions
{
    public const string Section = "Troupe:Notifications";

    /// <summary>How long notifications are kept, read or not: 1 day to 10 years. Default 90 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
}

/// <summary>Checks the options at start-up: the message names the key, what it holds and what it should.</summary>
internal sealed class NotificationOptionsValidator : IValidateOptions<NotificationOptions>
{
    private const int MostDays = 3_653;

    public ValidateOptionsResult Validate(string? name, NotificationOptions options) =>
        options.Retention >= TimeSpan.FromDays(1) && options.Retention <= TimeSpan.FromDays(MostDays)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{NotificationOptions.Section}:Retention is {options.Retention}, but must be 1 to {MostDays} days, such as '90.00:00:00'.");
}
