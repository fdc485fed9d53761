using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Json;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;

namespace Troupe.Core.Runs;

public enum AnswerOutcome
{
    Accepted,
    NotFound,

    /// <summary>The task does not wait for a person's result.</summary>
    NotWaiting,

    /// <summary>A JSON result was announced, but the text is not JSON.</summary>
    NotJson,
}

/// <summary>Takes the results that people supply for interactive tasks. The first one stays.</summary>
public sealed class TaskAnswers(IRunStore runs, IArtifactStore artifacts, RunControl control)
{
    public async Task<AnswerOutcome> SupplyResultAsync(string taskId, string text, ResultType type, Caller caller, CancellationToken cancellationToken)
    {
        var task = await runs.GetTaskAsync(taskId, cancellationToken);
        if (task is null)
            return AnswerOutcome.NotFound;
        if (task is not { Status: WorkStatus.Waiting, RequiresImplementation: true })
            return AnswerOutcome.NotWaiting;
        if (type == ResultType.Json && !IsJson(text))
            return AnswerOutcome.NotJson;
        var report = new TurnReport
        {
            Outcome = TurnOutcome.Answer,
            Text = await artifacts.ToContentAsync(text, cancellationToken, type == ResultType.Json ? "application/json" : "text/markdown"),
            Summary = EventData.Shorten(text.Trim(), 280),
            IsJson = type == ResultType.Json,
            Provider = $"person:{caller.User}",
        };
        await runs.PutTurnAsync(taskId, TurnKeys.Answer, JsonSerializer.Serialize(report, TroupeJson.Options), cancellationToken);
        await control.TellAsync(taskId, new Envelope("answer", EnvelopeKinds.Answer), cancellationToken);
        return AnswerOutcome.Accepted;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
