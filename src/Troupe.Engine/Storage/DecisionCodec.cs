using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Storage;

internal static class DecisionCodec
{
    public static void Write(PayloadWriter writer, Decision decision)
    {
        switch (decision)
        {
            case ActivityScheduled activity:
                writer.Write((byte)1);
                writer.Write(activity.TaskId);
                writer.Write(activity.Name);
                writer.WritePayload(activity.Input);
                writer.Write((int)activity.Priority);
                writer.WritePayload(activity.ConcurrencyKey);
                break;
            case ChildStarted child:
                writer.Write((byte)2);
                writer.Write(child.TaskId);
                writer.Write(child.Name);
                writer.Write(child.Version);
                writer.Write(child.InstanceId);
                writer.WritePayload(child.Input);
                break;
            case TimerCreated timer:
                writer.Write((byte)3);
                writer.Write(timer.TimerId);
                writer.Write(timer.FireAt);
                break;
            case TimerCancelled timer:
                writer.Write((byte)4);
                writer.Write(timer.TimerId);
                break;
            case EventSent sent:
                writer.Write(sent.WasSentBefore ? (byte)7 : (byte)5);
                WriteEventSent(writer, sent);
                break;
            case ExecutionCompleted ended:
                writer.Write((byte)6);
                writer.Write((int)ended.Status);
                writer.WritePayload(ended.Output);
                writer.Write(ended.Failure);
                break;
            default:
                // A step that continues as new is never stored: the next execution takes the place of its whole history.
                throw new InvalidOperationException($"A decision of the kind {decision.GetType()} is not stored.");
        }
    }

    public static Decision Read(ref PayloadReader reader) => reader.ReadByte() switch
    {
        1 => new ActivityScheduled(
            reader.ReadInt(), reader.ReadString(), reader.ReadPayload(), (ActivityPriority)reader.ReadInt(), reader.ReadPayload()),
        2 => new ChildStarted(reader.ReadInt(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadPayload()),
        3 => new TimerCreated(reader.ReadInt(), reader.ReadTime()),
        4 => new TimerCancelled(reader.ReadInt()),
        5 => ReadEventSent(ref reader),
        6 => new ExecutionCompleted((OrchestrationRuntimeStatus)reader.ReadInt(), reader.ReadPayload(), reader.ReadFailure()),
        7 => ReadEventSent(ref reader) with { WasSentBefore = true },
        var kind => throw new InvalidDataException($"A history step holds a decision of the unknown kind {kind}."),
    };

    /// <summary>An event without its kind.</summary>
    public static void WriteEventSent(PayloadWriter writer, EventSent sent)
    {
        writer.Write(sent.InstanceId);
        writer.Write(sent.Name);
        writer.WritePayload(sent.Payload);
    }

    public static EventSent ReadEventSent(ref PayloadReader reader) => new(reader.ReadString(), reader.ReadString(), reader.ReadPayload());
}
