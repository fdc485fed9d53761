using System.Collections;
using System.Text.Json;

namespace Troupe.Core.Templates.Rendering;

/// <summary>A list as templates see it; its items are converted when they are asked for.</summary>
internal sealed class ValueList : IReadOnlyList<object?>
{
    private readonly IReadOnlyList<object?> _items;
    private readonly JsonElement? _json;
    private readonly RenderBudget _budget;
    private readonly string? _text;

    public ValueList(JsonElement json, RenderBudget budget, string? text = null)
    {
        _items = [.. json.EnumerateArray().Cast<object?>()];
        _json = json;
        _budget = budget;
        _text = text;
    }

    /// <param name="results">Each a task's result.</param>
    public ValueList(IReadOnlyList<string?> results, RenderBudget budget)
    {
        _items = [.. results.Select(result => TemplateValue.FromResult(result, budget))];
        _budget = budget;
    }

    public string Json => _budget.SpendOn(_json?.GetRawText() ?? $"[{string.Join(',', this.Select(TemplateValue.Json))}]");

    public int Count => _items.Count;

    public object? this[int index]
    {
        get
        {
            _budget.Spend(1);
            return TemplateValue.From(_items[index], _budget);
        }
    }

    /// <summary>The items as JSON; a result that is no JSON is a JSON string.</summary>
    public IReadOnlyList<JsonElement> Elements() =>
        [.. this.Select((item, i) => _items[i] is JsonElement json ? json : JsonElement.Parse(TemplateValue.Json(item)))];

    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _text ?? Json;
}
