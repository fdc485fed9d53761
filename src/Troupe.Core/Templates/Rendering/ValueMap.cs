using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Troupe.Core.Templates.Rendering;

/// <summary>An object as templates see it; its members are converted when they are asked for.</summary>
internal sealed class ValueMap : IReadOnlyDictionary<string, object?>
{
    private readonly IReadOnlyDictionary<string, object?>? _members;
    private readonly JsonElement _json;
    private readonly RenderBudget _budget;
    private readonly string? _text;

    public ValueMap(IReadOnlyDictionary<string, object?> members, RenderBudget budget)
    {
        _members = members;
        _budget = budget;
    }

    public ValueMap(JsonElement json, RenderBudget budget, string? text = null)
    {
        _json = json;
        _budget = budget;
        _text = text;
    }

    public static ValueMap Of(TaskValues task, RenderBudget budget)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["status"] = task.Status, ["error"] = task.Error };
        var items = task.Results is { } results ? new ValueList(results, budget) : null;
        var result = task.Result is null ? items : TemplateValue.FromResult(task.Result, budget);
        members["result"] = result;
        members["results"] = items ?? result as ValueList ?? new ValueList([], budget);
        return new ValueMap(members, budget);
    }

    public string Json => _budget.SpendOn(_members is null
        ? _json.GetRawText()
        : $"{{{string.Join(',', this.Select(member => $"{TemplateValue.Json(member.Key)}:{TemplateValue.Json(member.Value)}"))}}}");

    public IEnumerable<string> Keys => _members?.Keys ?? _json.EnumerateObject().Select(member => member.Name);

    public IEnumerable<object?> Values => this.Select(member => member.Value);

    public int Count => _members?.Count ?? _json.EnumerateObject().Count();

    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        object? found = null;
        var exists = _members is null
            ? _json.TryGetProperty(key, out var member) && (found = member) is not null
            : _members.TryGetValue(key, out found);
        value = exists ? TemplateValue.From(found, _budget) : null;
        return exists;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        foreach (var key in Keys)
        {
            _budget.Spend(1);
            yield return KeyValuePair.Create(key, this[key]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _text ?? Json;
}
