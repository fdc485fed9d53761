using System.Text.Json;
using Troupe.Core.Approvals;
using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Reads the result that a person has supplied; null where none is stored.</summary>
public sealed class TakeAnswer(IRunStore runs, IGateStore gates) : Activity<string, TurnReport?>
{
    public override async Task<TurnReport?> RunAsync(ActivityContext context, string taskId)
    {
        if (await runs.GetTurnAsync(taskId, TurnKeys.Answer, context.CancellationToken) is not { } json)
            return null;
        if (await runs.GetTaskAsync(taskId, context.CancellationToken) is { } task)
            await gates.UpdateAsync(ResultGates.IdOf(task), new Change<GateRecord>(static gate => gate with { Acknowledged = true, ClosedWithRun = false }), context.CancellationToken);
        return JsonSerializer.Deserialize<TurnReport>(json, TroupeJson.Options);
    }
}
