namespace Troupe.Acceptance.Http;

/// <summary>
/// Server-sent events, one by one. Where the server is one that others may stop, a stream that breaks off is opened again after the last
/// event, as every client is to do; a test that stops its own server does so itself.
/// </summary>
/// <param name="open">Opens it after an event.</param>
internal sealed class EventStream(HttpResponseMessage response, Stream stream, Func<string?, Task<HttpResponseMessage>> open) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TargetHost.Patience(TimeSpan.FromSeconds(30));
    private HttpResponseMessage _response = response;
    private StreamReader _reader = new(stream);
    private string? _last;

    /// <summary>The next event, or null at the end of the stream. Comments are passed over.</summary>
    public async Task<ServerSentEvent?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        do
        {
            if (await ReadAsync(patience.Token) is { } next)
            {
                _last = next.Id;
                return next;
            }
        }
        while (TargetHost.Address is not null && await ResumeAsync());

        return null;
    }

    /// <summary>False where the server says that nothing will follow.</summary>
    private async Task<bool> ResumeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        _response = await open(_last);
        _reader = new StreamReader(await _response.Content.ReadAsStreamAsync());
        return _response.StatusCode == HttpStatusCode.OK;
    }

    private async Task<ServerSentEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        string id = "", type = "message", data = "";
        while (await LineAsync(cancellationToken) is { } line)
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
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null at the end, also one that came without a word.</summary>
    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadLineAsync(cancellationToken);
        }
        catch (IOException) when (TargetHost.Address is not null)
        {
            return null;
        }
    }

    private static string? Field(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..].TrimStart() : null;
}

internal sealed record ServerSentEvent(string Id, string Type, JsonElement Data)
{
    public bool EndsRun => Type is "run.completed" or "run.failed" or "run.cancelled";
}
