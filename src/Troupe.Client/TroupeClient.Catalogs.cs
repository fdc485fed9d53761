namespace Troupe.Client;

public sealed partial class TroupeClient
{
    public IAsyncEnumerable<AgentInfo> AgentsAsync(CancellationToken cancellationToken = default) =>
        PagesAsync(cursor => new Query("api/v1/agents").Add("cursor", cursor), ClientJson.Default.PageBodyAgentInfo, cancellationToken);

    /// <exception cref="TroupeApiException">404: there is none of that name.</exception>
    public Task<AgentInfo> AgentAsync(string name, CancellationToken cancellationToken = default) =>
        _api.GetAsync($"api/v1/agents/{Escape(name)}", ClientJson.Default.AgentInfo, cancellationToken);

    public IAsyncEnumerable<DefinitionInfo> DefinitionsAsync(CancellationToken cancellationToken = default) =>
        PagesAsync(cursor => new Query("api/v1/definitions").Add("cursor", cursor), ClientJson.Default.PageBodyDefinitionInfo, cancellationToken);

    /// <exception cref="TroupeApiException">404: there is none of that name.</exception>
    public Task<DefinitionInfo> DefinitionAsync(string name, CancellationToken cancellationToken = default) =>
        _api.GetAsync($"api/v1/definitions/{Escape(name)}", ClientJson.Default.DefinitionInfo, cancellationToken);

    /// <summary>Whether a server answers, has recovered what was unfinished, and its stores work.</summary>
    public Task<bool> IsReadyAsync(CancellationToken cancellationToken = default) => IsOkAsync("readyz", cancellationToken);

    /// <summary>Whether a server answers at all.</summary>
    public Task<bool> IsAliveAsync(CancellationToken cancellationToken = default) => IsOkAsync("healthz", cancellationToken);

    private async Task<bool> IsOkAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _api.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), repeatable: false, cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is TroupeApiException or TroupeUnreachableException)
        {
            return false;
        }
    }
}
