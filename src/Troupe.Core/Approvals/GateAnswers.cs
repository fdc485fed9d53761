using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Core.Approvals;

public enum QuestionOutcome
{
    Answered,

    /// <summary>The same person has given the same answer before.</summary>
    Repeated,
    NotFound,
    NotAllowed,

    /// <summary>The answer is not of the kind asked for: see the problem.</summary>
    Invalid,

    /// <summary>The question has closed; the gate names who closed it.</summary>
    Closed,

    /// <summary>The task asks several questions at once; the answer must say which one it is for.</summary>
    Ambiguous,
}

public sealed record QuestionResult(QuestionOutcome Outcome, GateRecord? Gate, Problem? Problem = null);

/// <summary>Takes people's answers to questions of agents. The first right one stays.</summary>
public sealed class GateAnswers(IGateStore gates, IArtifactStore artifacts, ResultGates results, RunControl control, TimeProvider time)
{
    /// <summary>What a task asks and nobody has answered yet.</summary>
    public async Task<IReadOnlyList<GateRecord>> OpenAsync(TaskRecord task, CancellationToken cancellationToken) =>
        [.. (await AskedAsync(task, cancellationToken)).Where(static gate => gate.Status == GateStatus.Pending)];

    /// <summary>Answers a question of a task.</summary>
    /// <param name="questionId">Null for the only open one.</param>
    public async Task<QuestionResult> AnswerTaskAsync(TaskRecord task, string? questionId, JsonElement answer, Caller caller, CancellationToken cancellationToken)
    {
        var asked = await AskedAsync(task, cancellationToken);
        if (questionId is not null)
            asked = asked.FindAll(gate => gate.Id == questionId);
        var open = asked.FindAll(static gate => gate.Status == GateStatus.Pending);
        if (open.Count > 1)
            return new QuestionResult(QuestionOutcome.Ambiguous, open[0]);
        // Where none is open the latest tells who closed it, or that this is a repeat.
        return (open.Count == 1 ? open[0] : asked.FirstOrDefault()) is { } gate
            ? await AnswerAsync(gate.Id, answer, caller, cancellationToken)
            : new QuestionResult(QuestionOutcome.NotFound, null);
    }

    public async Task<QuestionResult> AnswerAsync(string gateId, JsonElement answer, Caller caller, CancellationToken cancellationToken)
    {
        if (await gates.GetAsync(gateId, cancellationToken) is not { Kind: GateKind.Question, Question: { } question } before)
            return new QuestionResult(QuestionOutcome.NotFound, null);
        if (!before.MayBeDecidedBy(caller))
            return new QuestionResult(QuestionOutcome.NotAllowed, before);
        if (before.Status == GateStatus.Pending && AnswerCheck.Check(question, answer) is { } problem)
            return new QuestionResult(QuestionOutcome.Invalid, before, problem);
        var isJson = AnswerCheck.IsJson(question, answer);
        var content = await artifacts.ToContentAsync(AnswerCheck.TextOf(question, answer), cancellationToken, isJson ? "application/json" : "text/markdown");
        var given = new GateAnswer(Guid.NewGuid().ToString("N"), caller.User, content, time.GetUtcNow(), isJson);
        var after = await GateClosing.AnswerAsync(gates, gateId, given, cancellationToken) ?? before;
        if (after is { Question.Kind: QuestionKind.Result, Acknowledged: false })
            await results.DeliverAsync(after, cancellationToken);
        else if (after is { Status: not GateStatus.Pending, Acknowledged: false })
            await control.TellAsync(gateId, new Envelope("answered", EnvelopeKinds.Gate), cancellationToken);
        return new QuestionResult(OutcomeOf(after, given), after);
    }

    private async Task<List<GateRecord>> AskedAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return await gates.AllGatesAsync(new GateQuery { RunId = task.RunId, Kind = GateKind.Question }, cancellationToken)
            .Where(gate => gate.TaskKey == task.Key).ToListAsync(cancellationToken);
    }

    private static QuestionOutcome OutcomeOf(GateRecord after, GateAnswer given) => after.Answer switch
    {
        { Id: var id } when id == given.Id => QuestionOutcome.Answered,
        { User: var user, Value: var value } when user == given.User && value == given.Value => QuestionOutcome.Repeated,
        _ => QuestionOutcome.Closed,
    };
}
