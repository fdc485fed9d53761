using System.Collections;

namespace Troupe.Core.Definitions.Checks;

/// <summary>A graph of names, each with those it waits for. Unknown names count for nothing.</summary>
internal sealed class WaitGraph(IReadOnlyDictionary<string, IReadOnlyList<string>> waits)
{
    /// <summary>One cycle as <c>a → b → a</c>, beginning with the first name in the given order; null where there is none.</summary>
    public string? FindCycle(IEnumerable<string> names)
    {
        HashSet<string> finished = new(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (FindCycleFrom(name, finished) is { } cycle)
                return string.Join(" → ", cycle);
        }

        return null;
    }

    /// <summary>For each name all that it waits for, directly or not. In a cycle some may be left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Closures()
    {
        string[] names = [.. waits.Keys];
        var places = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        var closures = new BitArray?[names.Length];
        foreach (var name in names)
            Close(places[name]);
        return names.ToDictionary(name => name, name => ToSet(closures[places[name]]!), StringComparer.Ordinal);

        BitArray Close(int place)
        {
            if (closures[place] is { } known)
                return known;
            var closure = closures[place] = new BitArray(names.Length);
            foreach (var next in Next(names[place]).Select(name => places[name]))
            {
                closure[next] = true;
                closure.Or(Close(next));
            }

            return closure;
        }

        IReadOnlySet<string> ToSet(BitArray closure) => names.Where((_, i) => closure[i]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Depth first without recursion: a chain may be a thousand long.</summary>
    private List<string>? FindCycleFrom(string start, HashSet<string> finished)
    {
        List<string> path = [];
        HashSet<string> onPath = new(StringComparer.Ordinal);
        Stack<IEnumerator<string>> open = new();
        Enter(start);
        while (open.TryPeek(out var current))
        {
            if (!current.MoveNext())
            {
                open.Pop();
                finished.Add(path[^1]);
                onPath.Remove(path[^1]);
                path.RemoveAt(path.Count - 1);
            }
            else if (onPath.Contains(current.Current))
            {
                return [.. path[path.IndexOf(current.Current)..], current.Current];
            }
            else if (!finished.Contains(current.Current))
            {
                Enter(current.Current);
            }
        }

        return null;

        void Enter(string name)
        {
            path.Add(name);
            onPath.Add(name);
            open.Push(Next(name).GetEnumerator());
        }
    }

    private IEnumerable<string> Next(string name) => waits.TryGetValue(name, out var next) ? next.Where(waits.ContainsKey) : [];
}
