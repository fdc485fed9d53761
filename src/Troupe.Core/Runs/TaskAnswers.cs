using System.Text.Json;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

public enum AnswerOutcome
{
    Accepted,
    NotFound,

    /// <summary>The task does not wait for a person's result.</summary>
    NotWaiting,

    /// <summary>A JSON result was announced, but the text is not JSON.</summary>
    NotJson,

    /// <summary>It does not meet the output schema of the task's agent.</summary>
    NotOfSchema,
}

/// <summary>Takes the results that people supply for interactive tasks. The first one stays.</summary>
public sealed class TaskAnswers(IRunStore runs, GateAnswers answers)
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
        var value = type == ResultType.Json ? JsonElement.Parse(text) : JsonSerializer.SerializeToElement(text);
        var result = await answers.AnswerAsync(ResultGates.IdOf(task), value, caller, cancellationToken);
        return result.Outcome switch
        {
            QuestionOutcome.Answered or QuestionOutcome.Repeated => AnswerOutcome.Accepted,
            QuestionOutcome.Invalid => AnswerOutcome.NotOfSchema,
            _ => AnswerOutcome.NotWaiting,
        };
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
