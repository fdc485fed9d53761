namespace Troupe.Core.Definitions;

/// <summary>Finds the name that was probably meant.</summary>
public static class Suggestion
{
    /// <summary><c>Did you mean "x"? </c> with a space behind, or nothing where no name is near.</summary>
    public static string For(string found, IEnumerable<string> known)
    {
        var best = known
            .Select(name => (name, distance: Distance(found.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(candidate => candidate.distance <= Math.Max(1, Math.Min(found.Length, candidate.name.Length) / 3))
            .Where(candidate => candidate.distance < Math.Min(found.Length, candidate.name.Length))
            .OrderBy(candidate => candidate.distance)
            .ThenBy(candidate => candidate.name, StringComparer.Ordinal)
            .Select(candidate => candidate.name)
            .FirstOrDefault();
        return best is null ? "" : $"Did you mean \"{best}\"? ";
    }

    /// <summary>Edits from one to the other; names longer than 64 characters are compared by their beginnings.</summary>
    private static int Distance(string a, string b)
    {
        a = a[..Math.Min(a.Length, 64)];
        b = b[..Math.Min(b.Length, 64)];
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
