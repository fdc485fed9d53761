using System.Globalization;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Stores;
using Troupe.Web.Access;
using Troupe.Web.Errors;

namespace Troupe.Web.Json;

/// <summary>Reads query parameters; unknown ones and values out of range are problems, named as <c>?name</c>.</summary>
internal sealed class QueryFields(HttpRequest request)
{
    // A status token is the gate's to read.
    private readonly HashSet<string> _known = new(request.HttpContext.TakesStatusTokens() ? [StatusTokens.Parameter] : [], StringComparer.OrdinalIgnoreCase);
    private readonly List<Problem> _problems = [];

    public string? Text(string name)
    {
        _known.Add(name);
        var values = request.Query[name];
        if (values.Count > 1)
            Report(name, "It is there more than once; give it once.");
        return values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
    }

    /// <summary>All values, repeated or separated by commas.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        _known.Add(name);
        return [.. request.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    /// <summary>Words of an enumeration in snake_case; null where there are none.</summary>
    public IReadOnlyCollection<T>? Words<T>(string name)
        where T : struct, Enum =>
        Each(name, static word => EnumWords<T>.TryRead(word.ToLowerInvariant(), out var value) ? value : (T?)null, EnumWords<T>.All);

    /// <summary>The same as Durable Functions writes them.</summary>
    public IReadOnlyCollection<T>? Names<T>(string name)
        where T : struct, Enum =>
        Each(name, static word => word.All(char.IsAsciiLetter) && Enum.TryParse<T>(word, ignoreCase: true, out var value) ? value : (T?)null, Enum.GetNames<T>());

    public int Number(string name, int fallback, int min, int max) => (int)Number(name, (long)fallback, min, max);

    public long Number(string name, long fallback, long min, long max)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        Report(name, $"Expected a whole number from {min} to {max}; found '{ApiProblem.Shorten(text)}'.");
        return fallback;
    }

    public bool Flag(string name, bool fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (bool.TryParse(text, out var value))
            return value;
        Report(name, $"Expected true or false; found '{ApiProblem.Shorten(text)}'.");
        return fallback;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(WithPlus(text), CultureInfo.InvariantCulture, styles, out var value))
            return value;
        Report(name, $"Expected a time such as 2026-01-31T12:00:00Z; found '{ApiProblem.Shorten(text)}'.");
        return null;
    }

    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan max)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (Core.Duration.TryParse(text, out var value) && value <= max)
            return value;
        Report(name, $"Expected a duration such as 30s, at most {max.TotalSeconds:0}s; found '{ApiProblem.Shorten(text)}'.");
        return fallback;
    }

    private List<T>? Each<T>(string name, Func<string, T?> read, IEnumerable<string> known)
        where T : struct
    {
        var found = new List<T>();
        foreach (var word in Texts(name))
        {
            if (read(word) is { } value)
                found.Add(value);
            else
                Report(name, $"'{ApiProblem.Shorten(word)}' is none of {string.Join(", ", known)}.");
        }

        return found.Count == 0 ? null : found;
    }

    // An unescaped '+' of an offset arrives as a space.
    private static string WithPlus(string time) => time.Length > 6 && time[^6] == ' ' && time.Contains('T', StringComparison.Ordinal)
        ? $"{time[..^6]}+{time[^5..]}"
        : time;

    public void Report(string name, string message) => _problems.Add(new Problem(message, $"?{name}"));

    /// <exception cref="ApiException">400 with every problem.</exception>
    public void Close(bool allowUnknown = false)
    {
        if (!allowUnknown)
        {
            foreach (var name in request.Query.Keys.Where(name => !_known.Contains(name)))
                Report(ApiProblem.Shorten(name), $"Unknown parameter; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }

        if (_problems.Count > 0)
            throw new ApiException(new ApiProblem(StatusCodes.Status400BadRequest, "The query cannot be understood.") { Kind = "invalid-query", Errors = _problems });
    }
}
