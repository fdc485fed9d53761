using System.Globalization;
using Troupe.Core.Runs;
using Troupe.Durable;

namespace Troupe.Core.Concurrency;

/// <summary>
/// Hands permits out, for ever. A lost or repeated message does no harm: who waits asks again, who gets a permit it does not want gives it
/// back, and while somebody waits, holders that have ended are found and their permits handed on.
/// </summary>
public sealed class ConcurrencyGateOrchestrator : Orchestrator<PermitBookState, bool>
{
    /// <summary>So that the history, replayed at each step, stays small.</summary>
    internal const int MessagesOfOneExecution = 200;

    /// <summary>Holders that one activity looks for.</summary>
    private const int MostChecked = 100;

    private static readonly Envelope CheckIsDue = new("", "");

    public override async Task<bool> RunAsync(OrchestrationContext context, PermitBookState input)
    {
        var mailbox = new Mailbox<Envelope>();
        var book = new PermitBook(input);
        DurableTimer? check = null;
        var inbox = Inbox.Open(context, mailbox.Post);
        for (var taken = 0; taken < MessagesOfOneExecution || !mailbox.IsEmpty || !inbox.TryClose(); taken++)
        {
            Grant(context, book);
            if (book.NextCheck is { } due)
                check ??= DurableTimer.Start(context, due, () => mailbox.Post(CheckIsDue));
            var message = await mailbox.TakeAsync();
            if (!ReferenceEquals(message, CheckIsDue))
            {
                Take(context, book, message);
                continue;
            }

            check = null;
            await CheckAsync(context, book);
        }

        Grant(context, book);
        check?.Dispose();
        context.ContinueAsNew(book.State);
        return true;
    }

    private static void Take(OrchestrationContext context, PermitBook book, Envelope message)
    {
        switch (message.Kind)
        {
            case EnvelopeKinds.PermitAsked when message.Read<PermitAsk>() is { } ask && IsInOrder(ask):
                book.Ask(ask, context.CurrentUtcDateTime);
                break;
            case EnvelopeKinds.PermitReturned when message.Read<ReturnedPermit>() is { Holder: not null } returned:
                book.Return(returned);
                break;
            case EnvelopeKinds.LimitSet when message.Read<int>() is > 0 and var limit:
                book.SetLimit(limit);
                break;
        }
    }

    /// <summary>What no orchestrator asks would break the gate, or never be given back: gates do not end.</summary>
    private static bool IsInOrder(PermitAsk ask) => ask is { Holder: not null, Key: not null }
        && InstanceIds.IsValid(ask.Holder)
        && !DurableConcurrencyGate.IsGate(ask.Holder);

    private static void Grant(OrchestrationContext context, PermitBook book)
    {
        foreach (var permit in book.Grant(context.CurrentUtcDateTime))
        {
            // Told twice of one grant, a holder hears it once; of another grant of the same permit it hears again.
            var told = Envelope.Create(string.Create(CultureInfo.InvariantCulture, $"granted-{permit.Number}-{permit.CheckAt:O}"), EnvelopeKinds.PermitGranted, permit.Number);
            context.SendEvent(permit.Holder, Inbox.EventName, told);
        }

        context.SetCustomStatus(book.Count);
    }

    private static async Task CheckAsync(OrchestrationContext context, PermitBook book)
    {
        var held = book.Due(context.CurrentUtcDateTime, MostChecked);
        if (held.Count == 0)
            return;
        var holders = new FindEndedInput([.. held.Select(static permit => permit.Holder).Distinct(StringComparer.Ordinal)]);
        var gone = await context.CallActivityAsync<IReadOnlyList<string>>(nameof(FindEnded), holders);
        foreach (var permit in held)
        {
            if (gone.Contains(permit.Holder))
                book.Return(new ReturnedPermit(permit.Holder, permit.Number));
            else
                book.Renew(permit, context.CurrentUtcDateTime);
        }
    }
}
