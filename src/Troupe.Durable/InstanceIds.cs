namespace Troupe.Durable;

/// <summary>The rules for instance ids, the same as Durable Functions'.</summary>
public static class InstanceIds
{
    public const int MaxLength = 256;

    /// <exception cref="ArgumentException">The id breaks a rule.</exception>
    public static string Check(string id)
    {
        if (id.Length is 0 or > MaxLength)
            throw new ArgumentException($"An instance id has 1 to {MaxLength} characters; this one has {id.Length}.", nameof(id));
        if (id[0] == '@') throw new ArgumentException($"An instance id must not begin with '@': '{id}'.", nameof(id));
        foreach (var character in id)
        {
            if (char.IsControl(character) || character is '/' or '\\' or '#' or '?')
                throw new ArgumentException($"An instance id must not contain control characters, '/', '\\', '#' or '?': '{id}'.", nameof(id));
        }

        return id;
    }
}
