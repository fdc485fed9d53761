using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Troupe.Core.Definitions;

/// <summary>
/// A delay that depends on inputs: <c>inputs.pace</c>, <c>inputs.pace * 2</c>, <c>inputs.duration / 8</c>, or several of these joined by
/// <c>or</c>, of which the first whose input is given counts.
/// </summary>
public sealed partial class DelayExpression
{
    private readonly IReadOnlyList<Term> _terms;

    private DelayExpression(IReadOnlyList<Term> terms) => _terms = terms;

    /// <summary>The inputs that it uses, in order.</summary>
    public IEnumerable<string> Inputs => _terms.Select(term => term.Input);

    public static bool TryParse(string text, [NotNullWhen(true)] out DelayExpression? expression, [NotNullWhen(false)] out string? error)
    {
        var matches = text.Split(" or ").Select(part => TermPattern().Match(part.Trim())).ToList();
        expression = matches.TrueForAll(match => match.Success) ? new DelayExpression([.. matches.Select(ToTerm)]) : null;
        error = expression is null ? $"\"{text}\" is neither a duration such as 1d nor an expression such as inputs.pace, inputs.pace * 2 or inputs.duration / 8." : null;
        return expression is not null;
    }

    /// <summary>False where no input of it is given, or the value is longer than <see cref="Duration.Max"/>.</summary>
    public bool TryEvaluate(JsonElement inputs, out TimeSpan delay)
    {
        foreach (var (input, factor) in _terms)
        {
            if (inputs.TryGetProperty(input, out var value) && InputBinder.TryGetDuration(value, out var duration))
                return Duration.TryFromSeconds(duration.TotalSeconds * factor, out delay);
        }

        delay = TimeSpan.Zero;
        return false;
    }

    private static Term ToTerm(Match match)
    {
        var number = match.Groups["number"].Success ? double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) : 1;
        return new Term(match.Groups["input"].Value, match.Groups["operator"].Value == "/" ? 1 / number : number);
    }

    [GeneratedRegex(@"^inputs\.(?<input>[A-Za-z_][A-Za-z0-9_]{0,63})(\s*(?<operator>[*/])\s*(?<number>[1-9][0-9]{0,3}))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TermPattern();

    private sealed record Term(string Input, double Factor);
}
