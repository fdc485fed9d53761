using Troupe.Engine.Replay;

namespace Troupe.Engine.Storage;

internal static class MessageCodec
{
    public static void Write(PayloadWriter writer, Message message)
    {
        switch (message)
        {
            case ExecutionStarted started:
                writer.Write((byte)1);
                writer.WritePayload(started.Input);
                break;
            case TaskCompleted completed:
                writer.Write((byte)2);
                writer.Write(completed.TaskId);
                writer.WritePayload(completed.Result);
                break;
            case TaskFailed failed:
                writer.Write((byte)3);
                writer.Write(failed.TaskId);
                writer.Write(failed.Failure);
                break;
            case TimerFired fired:
                writer.Write((byte)4);
                writer.Write(fired.TimerId);
                break;
            case EventRaised raised:
                writer.Write((byte)5);
                writer.Write(raised.Name);
                writer.WritePayload(raised.Payload);
                break;
            case ExecutionRewound { Sent.Count: > 0 } rewound:
                writer.Write((byte)10);
                writer.WritePayload(rewound.Reason);
                writer.Write(rewound.Sent.Count);
                foreach (var sent in rewound.Sent) DecisionCodec.WriteEventSent(writer, sent);
                break;
            default:
                WriteControl(writer, message);
                break;
        }
    }

    public static Message Read(ref PayloadReader reader) => reader.ReadByte() switch
    {
        1 => new ExecutionStarted(reader.ReadPayload()),
        2 => new TaskCompleted(reader.ReadInt(), reader.ReadPayload()),
        3 => new TaskFailed(reader.ReadInt(), reader.ReadFailure()!),
        4 => new TimerFired(reader.ReadInt()),
        5 => new EventRaised(reader.ReadString(), reader.ReadPayload()),
        6 => new ExecutionSuspended(reader.ReadPayload()),
        7 => new ExecutionResumed(reader.ReadPayload()),
        8 => new ExecutionTerminated(reader.ReadPayload()),
        9 => new ExecutionRewound(reader.ReadPayload()),
        10 => new ExecutionRewound(reader.ReadPayload()) { Sent = ReadSent(ref reader) },
        var kind => throw new InvalidDataException($"A history step holds a message of the unknown kind {kind}."),
    };

    private static EventSent[] ReadSent(ref PayloadReader reader)
    {
        var sent = new EventSent[reader.ReadCount()];
        for (var i = 0; i < sent.Length; i++) sent[i] = DecisionCodec.ReadEventSent(ref reader);
        return sent;
    }

    private static void WriteControl(PayloadWriter writer, Message message)
    {
        var (kind, text) = message switch
        {
            ExecutionSuspended suspended => ((byte)6, suspended.Reason),
            ExecutionResumed resumed => ((byte)7, resumed.Reason),
            ExecutionTerminated terminated => ((byte)8, terminated.Output),
            ExecutionRewound rewound => ((byte)9, rewound.Reason),
            _ => throw new InvalidOperationException($"Unknown message {message.GetType()}."),
        };
        writer.Write(kind);
        writer.WritePayload(text);
    }
}
