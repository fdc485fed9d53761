namespace Troupe.Core.Launching;

/// <summary>Titles for tasks that were given none.</summary>
internal static class Titles
{
    private const int MaxLength = 80;

    /// <summary>The prompt's first line that is not empty, cut to 80 characters.</summary>
    public static string Of(string prompt)
    {
        foreach (var line in prompt.AsSpan().EnumerateLines())
        {
            var text = line.Trim();
            if (text.Length > 0)
                return text.ToString().Shorten(MaxLength);
        }

        return "Task";
    }
}
