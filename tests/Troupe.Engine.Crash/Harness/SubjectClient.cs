using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Troupe.Durable;

namespace Troupe.Engine.Crash.Harness;

/// <param name="MayHaveBeenDone">An earlier request of the same got no answer, because the process was killed.</param>
/// <param name="Process">The one that answered.</param>
internal sealed record Answer(HttpStatusCode Status, string Body, bool MayHaveBeenDone, int Process)
{
    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, JsonSerializerOptions.Web)!;
}

/// <summary>Asks until it is answered: what a kill leaves without an answer is asked again of the next process.</summary>
internal sealed class SubjectClient(SubjectGate gate, Tally tally, Verdict verdict)
{
    public Task<Answer> StartAsync(string id, string orchestrator, object input, DateTimeOffset? startAt)
    {
        var start = startAt is { } at ? $"&startAt={Uri.EscapeDataString(at.ToString("O"))}" : "";
        return PostAsync(id, $"?orchestrator={orchestrator}{start}", input);
    }

    public Task<Answer> RaiseEventAsync(string id, string name, object payload, string delivery) =>
        PostAsync(id, $"/events/{name}?delivery={delivery}", payload);

    /// <param name="operation">For example <c>suspend</c>.</param>
    public async Task<Answer> SteerAsync(string id, string operation)
    {
        var answer = await PostAsync(id, "/" + operation, null);
        tally.Steered();
        return answer;
    }

    /// <summary>Null where there is no such instance.</summary>
    public async Task<OrchestrationMetadata?> FindAsync(string id)
    {
        var answer = await GetAsync(id, "");
        return answer.Status == HttpStatusCode.NotFound ? null : Expect(id, answer, HttpStatusCode.OK).Read<OrchestrationMetadata>();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(OrchestrationMetadata Instance, int Process)> EndAsync(string id)
    {
        var answer = Expect(id, await GetAsync(id, "/end"), HttpStatusCode.OK);
        return (answer.Read<OrchestrationMetadata>(), answer.Process);
    }

    public async Task<(IReadOnlyList<OrchestrationHistoryEvent> Events, int Process)> HistoryAsync(string id)
    {
        var answer = Expect(id, await GetAsync(id, "/history"), HttpStatusCode.OK);
        return (answer.Read<List<OrchestrationHistoryEvent>>(), answer.Process);
    }

    /// <summary>How many activities are queued or run.</summary>
    public async Task<int> CountActivitiesAsync() =>
        (await AskAsync("engine", http => http.GetAsync(new Uri("/activities", UriKind.Relative), verdict.Ended))).Read<int>();

    /// <summary>Any other status breaks a guarantee.</summary>
    public Answer Expect(string id, Answer answer, params ReadOnlySpan<HttpStatusCode> statuses) => statuses.Contains(answer.Status)
        ? answer
        : throw verdict.Fail(id, $"process {answer.Process} answered {(int)answer.Status} (asked before: {answer.MayHaveBeenDone}): {answer.Body}");

    /// <summary>It was accepted: now, or before a kill, so that now it may come too late.</summary>
    public void ExpectAccepted(string id, Answer answer, HttpStatusCode tooLate = HttpStatusCode.Gone) =>
        Expect(id, answer, answer.MayHaveBeenDone ? [HttpStatusCode.Accepted, tooLate] : [HttpStatusCode.Accepted]);

    private Task<Answer> PostAsync(string id, string path, object? body) => AskAsync(
        id, http => http.PostAsJsonAsync(new Uri($"/instances/{id}{path}", UriKind.Relative), body, JsonSerializerOptions.Web, verdict.Ended));

    private Task<Answer> GetAsync(string id, string path) =>
        AskAsync(id, http => http.GetAsync(new Uri($"/instances/{id}{path}", UriKind.Relative), verdict.Ended));

    private async Task<Answer> AskAsync(string id, Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        var process = 0;
        for (var attempt = 1; ; attempt++)
        {
            var subject = await gate.AfterAsync(process, verdict.Ended);
            process = subject.Number;
            tally.Asking();
            try
            {
                using var response = await ask(subject.Http);
                var body = await response.Content.ReadAsStringAsync(verdict.Ended);
                if (response.StatusCode == HttpStatusCode.InternalServerError) throw verdict.Fail(id, $"process {process} answered 500: {body}");
                return new Answer(response.StatusCode, body, attempt > 1, process);
            }
            // The process was killed, or its client closed because of that.
            catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                verdict.Ended.ThrowIfCancellationRequested();
                tally.Repeated();
            }
            finally
            {
                tally.Answered();
            }
        }
    }
}
