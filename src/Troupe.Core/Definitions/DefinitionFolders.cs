namespace Troupe.Core.Definitions;

/// <summary>The definitions of some folders, read once and again when a file changes.</summary>
internal sealed class DefinitionFolders(IReadOnlyList<string> folders, TimeSpan recheck, TimeProvider time)
{
    private const long MaxBytes = 1 << 20;
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];
    private readonly Lock _gate = new();
    private Dictionary<string, ReadFile> _files = new(StringComparer.Ordinal);
    private Snapshot _current = new(new Dictionary<string, WorkflowSource>(), []);
    private long _checkedAt;
    private bool _isRead;

    public Snapshot Current
    {
        get
        {
            lock (_gate)
            {
                if (_isRead && time.GetElapsedTime(_checkedAt) < recheck)
                    return _current;
                _checkedAt = time.GetTimestamp();
                if (ReadChanged() || !_isRead)
                    _current = ToSnapshot();
                _isRead = true;
                return _current;
            }
        }
    }

    private bool ReadChanged()
    {
        var files = folders.Where(Directory.Exists)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles()
                .Where(file => Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
                .OrderBy(file => file.Name, StringComparer.Ordinal));
        Dictionary<string, ReadFile> next = new(StringComparer.Ordinal);
        var changed = false;
        foreach (var file in files)
        {
            var known = _files.GetValueOrDefault(file.FullName);
            var isSame = known is not null && known.Length == file.Length && known.ChangedAt == file.LastWriteTimeUtc;
            changed |= !isSame;
            next[file.FullName] = isSame ? known! : Read(file);
        }

        changed |= next.Count != _files.Count;
        _files = next;
        return changed;
    }

    private static ReadFile Read(FileInfo file)
    {
        try
        {
            if (file.Length > MaxBytes)
                return Refused($"The file has {file.Length} bytes; a definition has at most {MaxBytes}.");
            // Pipes and devices have no length, and reading them may never end.
            var text = file.Length == 0 ? "" : File.ReadAllText(file.FullName);
            var result = DefinitionReader.Read(text, file.FullName);
            var source = result.Definition is { } definition ? new WorkflowSource(definition, text, ContentVersion.Of(text), file.FullName) : null;
            return new ReadFile(file.Length, file.LastWriteTimeUtc, source, result.Problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused($"The file can't be read: {e.Message}");
        }

        ReadFile Refused(string message) => new(file.Length, file.LastWriteTimeUtc, null, [new Problem(message, File: file.FullName)]);
    }

    private Snapshot ToSnapshot()
    {
        Dictionary<string, WorkflowSource> byName = new(StringComparer.Ordinal);
        List<Problem> problems = [];
        foreach (var file in _files.Values)
        {
            problems.AddRange(file.Problems);
            if (file.Source is not { } source || byName.TryAdd(source.Definition.Name, source))
                continue;

            // An earlier folder overrides a later one on purpose; two files of one folder are a mistake.
            var first = byName[source.Definition.Name].File;
            if (Path.GetDirectoryName(first) == Path.GetDirectoryName(source.File))
                problems.Add(new Problem($"The workflow \"{source.Definition.Name}\" is already defined by {first}; rename one of them.", "/name", source.File));
        }

        return new Snapshot(byName, problems);
    }

    public sealed record Snapshot(IReadOnlyDictionary<string, WorkflowSource> ByName, IReadOnlyList<Problem> Problems);

    private sealed record ReadFile(long Length, DateTime ChangedAt, WorkflowSource? Source, IReadOnlyList<Problem> Problems);
}
