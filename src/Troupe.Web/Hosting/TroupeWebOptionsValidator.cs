using Microsoft.Extensions.Options;

namespace Troupe.Web.Hosting;

internal sealed class TroupeWebOptionsValidator : IValidateOptions<TroupeWebOptions>
{
    public ValidateOptionsResult Validate(string? name, TroupeWebOptions options)
    {
        var problems = new List<string>();
        Range(nameof(options.LaunchBurst), options.LaunchBurst, 1, 1_000_000);
        Range(nameof(options.LaunchesPerSecond), options.LaunchesPerSecond, 1, 1_000_000);
        Range(nameof(options.MaxStreams), options.MaxStreams, 1, 100_000);
        Range(nameof(options.Heartbeat), options.Heartbeat, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Range(nameof(options.StatusTokenLifetime), options.StatusTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        Range(nameof(options.SessionLifetime), options.SessionLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        if (options.MaxStreamDuration is { } duration)
            Range(nameof(options.MaxStreamDuration), duration, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
        if (options.PublicUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            Add(nameof(options.PublicUrl), url, "give an absolute http or https URL");
        if (options.DurableAlias is { } alias && !(alias.StartsWith('/') && !alias.EndsWith('/') && alias.IndexOfAny(['{', '?', '#']) < 0))
            Add(nameof(options.DurableAlias), alias, "give a path that begins with '/' and does not end with it");
        foreach (var origin in options.AllowedOrigins.Where(origin => !IsOrigin(origin)))
            Add(nameof(options.AllowedOrigins), origin, "give a scheme, a host and perhaps a port, such as https://console.example.org");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Range<T>(string key, T value, T min, T max)
            where T : IComparable<T>
        {
            if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
                Add(key, value, $"choose from {min} to {max}");
        }

        void Add(string key, object value, string remedy) =>
            problems.Add($"{TroupeWebOptions.Section}:{key} is '{value}': {remedy}.");
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase);
}
