namespace Troupe.Acceptance.Http;

/// <summary>Server-sent events, one by one.</summary>
internal sealed class EventStream(HttpResponseMessage response, Stream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TargetHost.Patience(TimeSpan.FromSeconds(30));
    private readonly StreamReader _reader = new(stream);

    /// <summary>The next event, or null at the end of the stream. Comments are passed over.</summary>
    public async Task<ServerSentEvent?> NextAsync()
    {
        string id = "", type = "message", data = "";
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (await _reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
                return new ServerSentEvent(id, type, JsonSerializer.Deserialize<JsonElement>(data));
            if (Field(line, "id:") is { } newId)
                id = newId;
            else if (Field(line, "event:") is { } newType)
                type = newType;
            else if (Field(line, "data:") is { } more)
                data += more;
        }

        return null;
    }

    /// <summary>All events up to and including the first that fits.</summary>
    public async Task<IReadOnlyList<ServerSentEvent>> UntilAsync(Func<ServerSentEvent, bool> fits)
    {
        var events = new List<ServerSentEvent>();
        while (await NextAsync() is { } next)
        {
            events.Add(next);
            if (fits(next))
                return events;
        }

        Assert.Fail($"The stream ended before the event came. It had: {string.Join(", ", events.Select(one => one.Type))}");
        return events;
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? Field(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..].TrimStart() : null;
}

internal sealed record ServerSentEvent(string Id, string Type, JsonElement Data)
{
    public bool EndsRun => Type is "run.completed" or "run.failed" or "run.cancelled";
}
