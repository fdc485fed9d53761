using Troupe.Core.Definitions;

namespace Troupe.Core.Access;

/// <summary>A key that somebody wants.</summary>
public sealed record NewKey
{
    private const int MaxNameLength = 100;

    private const int MaxGroups = 50;

    /// <summary>What it is for: 1 to 100 characters, none of them a control character.</summary>
    public required string Name { get; init; }

    /// <summary>At least one.</summary>
    public required Roles Roles { get; init; }

    /// <summary>The user it speaks for: 1 to 100 characters, none of them a control character.</summary>
    public required string Owner { get; init; }

    /// <summary>At most 50 of 1 to 64 letters, digits, <c>_</c>, <c>.</c>, <c>-</c>.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>How long it lives; null for ever.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>Everything wrong with it, with pointers as the HTTP API names its fields.</summary>
    public IReadOnlyList<Problem> Check()
    {
        var problems = new List<Problem>();
        CheckText(Name, "/name", problems);
        CheckText(Owner, "/owner", problems);
        if (Roles == Roles.None)
            problems.Add(new Problem("At least one role is needed: reader, operator, approver or admin.", "/roles"));
        if (Groups.Count > MaxGroups)
            problems.Add(new Problem($"At most {MaxGroups} groups are allowed; found {Groups.Count}.", "/groups"));
        foreach (var group in Groups.Where(static group => !IsGroup(group)).Take(MaxGroups))
            problems.Add(new Problem($"A group has 1 to 64 letters, digits, '_', '.' or '-'; found '{group[..Math.Min(group.Length, 64)]}'.", "/groups"));
        if (Expires <= TimeSpan.Zero)
            problems.Add(new Problem("It would expire at once; give a duration such as 90d.", "/expires"));
        return problems;
    }

    private static void CheckText(string text, string pointer, List<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxNameLength || text.Any(char.IsControl))
            problems.Add(new Problem($"Expected 1 to {MaxNameLength} characters, none of them a control character.", pointer));
    }

    private static bool IsGroup(string group) =>
        group.Length is >= 1 and <= 64 && group.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
}
