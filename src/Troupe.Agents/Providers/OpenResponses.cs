namespace Troupe.Agents.Providers;

/// <summary>The bodies of the answers that came in during one call. (The SDKs part them from their messages, so the messages do not tell.)</summary>
internal sealed class OpenResponses : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<HttpContent> bodies = [];
    private bool over;

    public void Add(HttpContent body)
    {
        lock (gate)
        {
            if (!over)
            {
                bodies.Add(body);
                return;
            }
        }

        body.Dispose();
    }

    public void Dispose()
    {
        lock (gate)
            over = true;
        foreach (var body in bodies)
            body.Dispose();
    }
}
