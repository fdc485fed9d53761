using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Reads the result that a person has supplied; null where none is stored.</summary>
public sealed class TakeAnswer(IRunStore runs) : Activity<string, TurnReport?>
{
    public override async Task<TurnReport?> RunAsync(ActivityContext context, string taskId) =>
        await runs.GetTurnAsync(taskId, TurnKeys.Answer, context.CancellationToken) is { } json
            ? JsonSerializer.Deserialize<TurnReport>(json, TroupeJson.Options)
            : null;
}
