using Troupe.Agents.Files;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Agents.Catalog;

/// <summary>Reads agent files and remembers what each held until it changes.</summary>
internal sealed class AgentFileCache
{
    private static readonly HashSet<string> Documents = new(StringComparer.OrdinalIgnoreCase)
    {
        "README", "CONTRIBUTING", "CHANGELOG", "LICENSE", "SECURITY", "CODE_OF_CONDUCT", "CLAUDE", "AGENTS", "GEMINI", "INDEX",
    };

    private Dictionary<string, (AgentFileEntry Entry, AgentFileContent Content)> known = new(StringComparer.Ordinal);

    /// <summary>What the files hold now, in their order. Only files that are new or changed are read.</summary>
    /// <returns>Null where nothing has changed since the last call.</returns>
    public async Task<IReadOnlyList<AgentFileContent>?> ReadAsync(IReadOnlyList<(string Root, AgentFileEntry Entry)> files, CancellationToken cancellationToken)
    {
        var next = new Dictionary<string, (AgentFileEntry, AgentFileContent)>(StringComparer.Ordinal);
        var contents = new List<AgentFileContent>(files.Count);
        var changed = files.Count != known.Count;
        foreach (var (root, entry) in files)
        {
            var key = Path.Combine(root, entry.Path);
            if (!known.TryGetValue(key, out var old) || old.Entry != entry)
            {
                old = (entry, await ReadFileAsync(root, entry, cancellationToken));
                changed = true;
            }

            next[key] = old;
            contents.Add(old.Content);
        }

        known = next;
        return changed ? contents : null;
    }

    private static async Task<AgentFileContent> ReadFileAsync(string root, AgentFileEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            if (entry.Length > 4 * AgentFile.MaxLength)
                return new(root, entry.Path, null, [new Problem($"The file has {entry.Length} bytes; an agent file is small text.", File: entry.Path, Line: 1, Column: 1)]);
            // Pipes and devices have no length, and reading them may never end.
            var text = entry.Length == 0 ? "" : await File.ReadAllTextAsync(entry.FullPath, cancellationToken);
            var stem = Path.GetFileNameWithoutExtension(entry.Path);
            if (string.IsNullOrWhiteSpace(text) || (Documents.Contains(stem) && MarkdownText.Split(text).FrontMatter is null))
                return new(root, entry.Path, null, []);
            var (agent, problems) = AgentFile.Read(stem, text, entry.Path);
            return new(root, entry.Path, agent, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(root, entry.Path, null, [new Problem($"The file can't be read: {e.Message}", File: entry.Path)]);
        }
    }
}

/// <param name="Agent">Null where the file holds none, or a broken one.</param>
internal sealed record AgentFileContent(string Root, string Path, AgentDefinition? Agent, IReadOnlyList<Problem> Problems);
