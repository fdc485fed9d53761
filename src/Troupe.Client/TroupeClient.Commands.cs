using System.Text.Json;

namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>Asks a run to stop; running agents are reached within about two seconds.</summary>
    /// <exception cref="TroupeApiException">404: there is none of that id; 409: it has ended.</exception>
    public Task CancelAsync(string workflowId, string? reason = null, CancellationToken cancellationToken = default) =>
        CommandAsync(workflowId, "cancel", reason, cancellationToken);

    /// <summary>Lets no further task of a run start; running ones go on.</summary>
    public Task PauseAsync(string workflowId, string? reason = null, CancellationToken cancellationToken = default) =>
        CommandAsync(workflowId, "pause", reason, cancellationToken);

    public Task ResumeAsync(string workflowId, string? reason = null, CancellationToken cancellationToken = default) =>
        CommandAsync(workflowId, "resume", reason, cancellationToken);

    /// <summary>Launches a new run that reuses the finished results of an earlier one.</summary>
    public Task<LaunchResponse> RerunAsync(
        string workflowId, RerunRequest? rerun = null, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _api.PostAsync(
            $"api/v1/workflows/{Escape(workflowId)}/rerun",
            rerun ?? new RerunRequest(),
            ClientJson.Default.RerunRequest,
            ClientJson.Default.LaunchResponse,
            cancellationToken,
            KeyOr(idempotencyKey));

    /// <summary>Gives a waiting run what another system has to tell it. One sent before the run waits is kept.</summary>
    /// <param name="deliveryId">A second callback with the same id is dropped; one is made where it is null.</param>
    /// <param name="token">The callback's own, as the answer to the launch told it; null where the key of this client is an operator's.</param>
    /// <exception cref="TroupeApiException">404: no such run or callback; 409: another delivery came first; 410: the run waits for it no more.</exception>
    public async Task CallbackAsync(
        string workflowId, string name, JsonElement payload, string? deliveryId = null, string? token = null, CancellationToken cancellationToken = default)
    {
        var key = KeyOr(deliveryId);
        using var response = await _api.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/workflows/{Escape(workflowId)}/callbacks/{Escape(name)}")
                {
                    Content = System.Net.Http.Json.JsonContent.Create(payload, ClientJson.Default.JsonElement),
                };
                request.Headers.Add("Idempotency-Key", key);
                if (token is not null)
                    request.Headers.Add("x-callback-token", token);
                return request;
            },
            repeatable: true,
            cancellationToken);
    }

    private Task CommandAsync(string workflowId, string command, string? reason, CancellationToken cancellationToken) =>
        _api.PostAsync(
            $"api/v1/workflows/{Escape(workflowId)}/{command}",
            new ReasonBody(reason),
            ClientJson.Default.ReasonBody,
            repeatable: false,
            cancellationToken);
}
