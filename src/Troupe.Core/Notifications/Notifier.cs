using Troupe.Core.Following;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications;

/// <summary>Makes notifications of events: for the user of the run, and for those who may decide an approval.</summary>
internal sealed class Notifier(NotificationWriter writer, NotificationCenter center, NotificationAudience audience, ToldRuns runs) : IEventConsumer
{
    public bool Wants(string eventType) => NotificationWriter.Writes(eventType);

    public async Task TakeAsync(RunEvent told, CancellationToken cancellationToken)
    {
        if (await runs.OfAsync(told, cancellationToken) is not { } run
            || await writer.WriteAsync(run, told, cancellationToken) is not { } draft)
            return;
        foreach (var user in await audience.OfAsync(run, draft, cancellationToken))
            await center.TellAsync(Address(told, draft, user), cancellationToken);
    }

    private static NotificationRecord Address(RunEvent told, NotificationDraft draft, string user) => new()
    {
        Id = NotificationIds.Of(told, user),
        User = user,
        Type = draft.Type,
        RunId = told.RunId,
        Sequence = told.Sequence,
        TaskId = told.TaskId,
        GateId = draft.GateId,
        Title = draft.Title,
        Text = draft.Text,
        CreatedAt = told.Time,
    };
}
