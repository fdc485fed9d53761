using Troupe.Engine.Replay;

namespace Troupe.Engine.Storage;

/// <summary>
/// Steps and messages as bytes. The first byte is the format's version; what a release has written, every later one reads, so the
/// numbers below are never given another meaning.
/// </summary>
internal static class StepCodec
{
    private const byte Format = 1;

    public static byte[] Encode(Step step, IPayloadSink payloads)
    {
        var writer = new PayloadWriter(Format, payloads);
        writer.Write(step.Time);
        Write(writer, step.Messages);
        writer.Write(step.Decisions.Count);
        foreach (var decision in step.Decisions) DecisionCodec.Write(writer, decision);
        return writer.ToArray();
    }

    public static byte[] Encode(IReadOnlyList<Message> messages, IPayloadSink payloads)
    {
        var writer = new PayloadWriter(Format, payloads);
        Write(writer, messages);
        return writer.ToArray();
    }

    /// <exception cref="UnreadableRecordException">The bytes hold no step.</exception>
    public static Step DecodeStep(ReadOnlySpan<byte> bytes, IPayloadSource payloads, string what)
    {
        try
        {
            var reader = new PayloadReader(bytes, Format, payloads);
            var time = reader.ReadTime();
            var messages = ReadMessages(ref reader);
            var decisions = new Decision[reader.ReadCount()];
            for (var i = 0; i < decisions.Length; i++) decisions[i] = DecisionCodec.Read(ref reader);
            reader.End();
            return new Step(time, messages, decisions);
        }
        catch (Exception exception) when (IsOfTheBytes(exception))
        {
            throw new UnreadableRecordException(what, exception);
        }
    }

    /// <exception cref="UnreadableRecordException">The bytes hold no messages.</exception>
    public static IReadOnlyList<Message> DecodeMessages(ReadOnlySpan<byte> bytes, IPayloadSource payloads, string what)
    {
        try
        {
            var reader = new PayloadReader(bytes, Format, payloads);
            var messages = ReadMessages(ref reader);
            reader.End();
            return messages;
        }
        catch (Exception exception) when (IsOfTheBytes(exception))
        {
            throw new UnreadableRecordException(what, exception);
        }
    }

    /// <summary>What reading past an end, or a number out of range, throws; a failing disk throws something else.</summary>
    private static bool IsOfTheBytes(Exception exception) =>
        exception is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException;

    private static void Write(PayloadWriter writer, IReadOnlyList<Message> messages)
    {
        writer.Write(messages.Count);
        foreach (var message in messages) MessageCodec.Write(writer, message);
    }

    private static Message[] ReadMessages(ref PayloadReader reader)
    {
        var messages = new Message[reader.ReadCount()];
        for (var i = 0; i < messages.Length; i++) messages[i] = MessageCodec.Read(ref reader);
        return messages;
    }
}

/// <summary>Where payloads too large for a step go.</summary>
internal interface IPayloadSink
{
    /// <summary>Stores a payload and returns its reference.</summary>
    long Store(byte[] utf8);
}

/// <summary>Where they come from.</summary>
internal interface IPayloadSource
{
    string Load(long reference);
}
