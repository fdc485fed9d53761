using Troupe.Engine.Replay;

namespace Troupe.Engine.Hosting;

/// <summary>What a step takes: what was carried to it, and of the mail that which is meant for the execution and still expected.</summary>
/// <param name="Consumed">Where messages waited in the inbox, those included that nobody expects any more.</param>
internal readonly record struct StepIntake(List<Message> Messages, List<long> Consumed)
{
    public bool IsEmpty => Messages.Count == 0 && Consumed.Count == 0;

    /// <summary>The messages up to one that ends the instance; null where none does.</summary>
    public List<Message>? ToTermination =>
        Messages.FindIndex(static message => message is ExecutionTerminated) is var end and >= 0 ? Messages.GetRange(0, end + 1) : null;

    public static StepIntake Of(ActiveExecution active, List<Mail> batch)
    {
        var intake = new StepIntake([.. active.Carried], []);
        foreach (var mail in batch)
        {
            if (mail.Message is null) continue;
            if (mail.Sequence is { } sequence) intake.Consumed.Add(sequence);
            if (mail.Concerns(active.Record) && active.Machine.Open.Expects(mail.Message)) intake.Messages.Add(mail.Message);
        }

        return intake;
    }
}
