namespace Troupe.Durable;

/// <summary>The rules for instance ids, the same as Durable Functions'.</summary>
public static class InstanceIds
{
    public const int MaxLength = 256;

    /// <exception cref="ArgumentException">The id breaks a rule.</exception>
    public static string Check(string id) => ProblemOf(id) is { } problem ? throw new ArgumentException(problem, nameof(id)) : id;

    /// <summary>Whether the id breaks no rule.</summary>
    public static bool IsValid(string id) => ProblemOf(id) is null;

    private static string? ProblemOf(string id)
    {
        if (id.Length is 0 or > MaxLength)
            return $"An instance id has 1 to {MaxLength} characters; this one has {id.Length}.";
        if (id[0] == '@') return $"An instance id must not begin with '@': '{id}'.";
        foreach (var character in id)
        {
            if (char.IsControl(character) || character is '/' or '\\' or '#' or '?')
                return $"An instance id must not contain control characters, '/', '\\', '#' or '?': '{id}'.";
        }

        return null;
    }
}
