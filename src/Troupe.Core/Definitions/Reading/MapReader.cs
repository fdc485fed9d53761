using System.Globalization;
using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Core.Stores;

namespace Troupe.Core.Definitions.Reading;

/// <summary>Takes a mapping's values by key, each of its kind; what is of another kind, doubled or unknown becomes a problem.</summary>
internal sealed class MapReader
{
    private readonly MapNode _map;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public MapReader(MapNode map, string place, ProblemLog log)
    {
        _map = map;
        Place = place;
        Log = log;
        foreach (var doubled in map.Entries.GroupBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(group => group.Skip(1)))
            log.Add($"The key \"{doubled.Key}\" is given twice; keep one.", JsonPointer.Append(place, doubled.Key), doubled.KeyMark);
    }

    public string Place { get; }

    public ProblemLog Log { get; }

    public string At(string key) => JsonPointer.Append(Place, key);

    /// <summary>The value, or null where the key is missing or has nothing behind it.</summary>
    public SourceNode? Take(string key)
    {
        _known.Add(key);
        return _map.Find(key)?.Value is { } value and not ScalarNode { Type: ScalarKind.Null } ? value : null;
    }

    public string? Text(string key, int maxLength)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case ScalarNode scalar when scalar.Text.Length > maxLength:
                Log.Add($"\"{key}\" has {scalar.Text.Length} characters; at most {maxLength} are possible.", At(key));
                return null;
            case ScalarNode scalar when string.IsNullOrWhiteSpace(scalar.Text):
                Log.Add($"\"{key}\" is blank.", At(key));
                return null;
            case ScalarNode scalar:
                return scalar.Text;
            case var other:
                return Refuse<string>(key, "text", other);
        }
    }

    public string Required(string key, int maxLength, string example)
    {
        var isThere = Take(key) is not null;
        var text = Text(key, maxLength);
        if (!isThere)
            Log.Add($"\"{key}\" is missing. Add it, for example {key}: {example}", Place);
        return text ?? "";
    }

    public TimeSpan? Time(string key)
    {
        var value = Take(key);
        if (value is null)
            return null;
        if (value is ScalarNode scalar && Duration.TryParse(scalar.Text, out var duration))
            return duration;
        Log.Add($"\"{key}\" must be a duration such as 90s, 15m, 2h, 3d or 1h30m, or seconds; found {value.Kind}.", At(key));
        return null;
    }

    public int? Integer(string key)
    {
        var value = Take(key);
        if (value is null)
            return null;
        if (value is ScalarNode { Type: ScalarKind.Number } scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        Log.Add($"\"{key}\" must be a whole number; found {value.Kind}.", At(key));
        return null;
    }

    public decimal? Number(string key)
    {
        var value = Take(key);
        if (value is null)
            return null;
        if (value is ScalarNode { Type: ScalarKind.Number } scalar && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number;
        Log.Add($"\"{key}\" must be a number; found {value.Kind}.", At(key));
        return null;
    }

    /// <summary>A weight above 0 and up to 1,000,000; 1 where there is none.</summary>
    public double Weight()
    {
        var weight = Number("weight");
        if (weight is null or (> 0 and <= 1_000_000))
            return (double)(weight ?? 1);
        Log.Add($"\"weight\" must be above 0 and at most 1000000; found {weight.Value.ToString(CultureInfo.InvariantCulture)}.", At("weight"));
        return 1;
    }

    public bool? Boolean(string key)
    {
        var value = Take(key);
        if (value is null)
            return null;
        if (value is ScalarNode { Type: ScalarKind.Boolean } scalar)
            return scalar.Text.Equals("true", StringComparison.OrdinalIgnoreCase);
        Log.Add($"\"{key}\" must be true or false; found {value.Kind}.", At(key));
        return null;
    }

    public TEnum? Word<TEnum>(string key)
        where TEnum : struct, Enum
    {
        var value = Take(key);
        if (value is null)
            return null;
        if (value is ScalarNode { Type: ScalarKind.Text } scalar && EnumWords<TEnum>.TryRead(scalar.Text, out var word))
            return word;
        var hint = value is ScalarNode found ? Suggestion.For(found.Text, EnumWords<TEnum>.All) : "";
        Log.Add($"\"{key}\" must be one of {string.Join(", ", EnumWords<TEnum>.All)}; found {value.Kind}. {hint}".TrimEnd(), At(key));
        return null;
    }

    /// <summary>A list of words, or a single word; at most 100.</summary>
    public IReadOnlyList<string> Names(string key)
    {
        const int most = 100;
        switch (Take(key))
        {
            case null:
                return [];
            case ScalarNode single:
                return [single.Text];
            case ListNode { Items.Count: > most } list:
                Log.Add($"\"{key}\" has {list.Items.Count} entries; at most {most} are possible.", At(key));
                return [];
            case ListNode list when list.Items.All(item => item is ScalarNode { Type: not ScalarKind.Null }):
                return [.. list.Items.Cast<ScalarNode>().Select(item => item.Text)];
            case var other:
                return Refuse<IReadOnlyList<string>>(key, "a name or a list of names", other) ?? [];
        }
    }

    public MapReader? Map(string key, string what) => Take(key) switch
    {
        null => null,
        MapNode map => new MapReader(map, At(key), Log),
        var other => Refuse<MapReader>(key, what, other),
    };

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<MapReader> Maps(string key, string what)
    {
        var value = Take(key);
        if (value is not null and not ListNode)
            Refuse<object>(key, $"a list of {what}s", value);
        if (value is not ListNode list)
            yield break;
        for (var i = 0; i < list.Items.Count; i++)
        {
            var place = JsonPointer.Append(At(key), i);
            if (list.Items[i] is MapNode map)
                yield return new MapReader(map, place, Log);
            else
                Log.Add($"{Article(what)} {what} must be a mapping; found {list.Items[i].Kind}.", place);
        }
    }

    public JsonElement? Json(string key) => Take(key)?.ToJson();

    public T? Refuse<T>(string key, string expected, SourceNode found)
        where T : class
    {
        Log.Add($"\"{key}\" must be {expected}; found {found.Kind}.", At(key));
        return null;
    }

    /// <summary>To be called last: keys that nobody asked for are problems.</summary>
    public void RefuseOthers(string what)
    {
        foreach (var entry in _map.Entries.Where(entry => !_known.Contains(entry.Key)))
        {
            var message = $"{Article(what)} {what} has no key \"{entry.Key}\". {Suggestion.For(entry.Key, _known)}Keys: {string.Join(", ", _known)}.";
            Log.Add(message, At(entry.Key), entry.KeyMark);
        }
    }

    private static string Article(string noun) => "aeio".Contains(noun[0], StringComparison.Ordinal) ? "An" : "A";
}
