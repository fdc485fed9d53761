namespace Troupe.Acceptance.Http;

/// <summary>Short ways into JSON answers.</summary>
internal static class JsonReading
{
    private static readonly string[] Terminal = ["completed", "failed", "cancelled", "skipped"];

    public static string Text(this JsonElement json, string name)
    {
        Assert.True(json.TryGetProperty(name, out var value), $"There is no '{name}' in {json.GetRawText()}");
        Assert.True(value.ValueKind == JsonValueKind.String, $"'{name}' is no text in {json.GetRawText()}");
        return value.GetString()!;
    }

    public static string Status(this JsonElement json) => json.Text("status");

    public static bool IsTerminal(this JsonElement json) => Terminal.Contains(json.Status());

    public static DateTimeOffset Time(this JsonElement json, string name) => DateTimeOffset.Parse(json.Text(name), null);

    public static IReadOnlyList<JsonElement> Items(this JsonElement json, string name = "items") => [.. json.GetProperty(name).EnumerateArray()];

    /// <summary>Whether a value is there: nulls may be left out or written.</summary>
    public static bool Has(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null;
}
