using System.Text.Json;
using Troupe.Core.Deliveries;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Web.Errors;
using Troupe.Web.Json;

namespace Troupe.Web.Deliveries;

/// <summary>Reads what is asked for of a subscription.</summary>
internal static class SubscriptionRequest
{
    private const int MaxEntries = 50;
    private const int MaxText = 500;

    /// <param name="isNew">An address and types must be there.</param>
    public static SubscriptionFields Bind(JsonFields fields, bool isNew)
    {
        var url = UrlOf(fields, isNew);
        var types = ListOf(fields, "types");
        if (types is { Count: 0 } || (types is null && isNew))
            fields.Report("types", $"Name at least one type, such as task.failed, task.* or *. There are: {string.Join(", ", WebhookTypes.All)}.");
        foreach (var type in (types ?? []).Where(static type => !WebhookTypes.IsPattern(type)))
            fields.Report("types", $"'{ApiProblem.Shorten(type)}' is no type; there are: *, {string.Join(", ", WebhookTypes.All)}, and the beginning of some before '.*'.");
        var description = fields.Text("description");
        if (description?.Length > MaxText)
            fields.Report("description", $"At most {MaxText} characters are possible; found {description.Length}.");
        return new SubscriptionFields(url, description, types, ListOf(fields, "tags"), ListOf(fields, "workflows"), FlagOf(fields));
    }

    /// <summary>A secret of the caller's own, if there is one.</summary>
    public static string? SecretOf(JsonFields fields)
    {
        var secret = fields.Text("secret");
        if (secret is not null && WebhookSecret.TryParse(secret) is null)
            fields.Report("secret", "A secret is 'whsec_' and 24 to 64 bytes in base64. Leave it out to have one made.");
        return secret;
    }

    private static Uri? UrlOf(JsonFields fields, bool isNew)
    {
        var text = isNew ? fields.RequiredText("url") : fields.Text("url");
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && text.Length <= 2048)
            return url;
        fields.Report("url", "Expected an absolute http or https address without user name and password, of at most 2048 characters.");
        return null;
    }

    private static List<string>? ListOf(JsonFields fields, string name)
    {
        if (fields.Value(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxEntries
            && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= MaxText }))
            return [.. value.EnumerateArray().Select(static item => item.GetString()!)];
        fields.Report(name, $"Expected a list of at most {MaxEntries} texts of 1 to {MaxText} characters.");
        return null;
    }

    private static bool? FlagOf(JsonFields fields)
    {
        if (fields.Value("enabled") is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        fields.Report("enabled", "Expected true or false.");
        return null;
    }
}
