using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Troupe.Durable;

namespace Troupe.Engine.Storage;

/// <summary>Writes the values that steps are made of. Whole numbers take as many bytes as they need.</summary>
internal sealed class PayloadWriter
{
    /// <summary>Payloads of more bytes than this are stored beside the step.</summary>
    public const int MaxInlineBytes = 1 << 20;

    private readonly ArrayBufferWriter<byte> _buffer = new(64);
    private readonly IPayloadSink _payloads;

    public PayloadWriter(byte format, IPayloadSink payloads)
    {
        _payloads = payloads;
        Write(format);
    }

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Write(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Write(int value)
    {
        // Zigzag, so that small negative numbers stay small.
        var rest = (uint)((value << 1) ^ (value >> 31));
        while (rest >= 0x80)
        {
            Write((byte)(rest | 0x80));
            rest >>= 7;
        }

        Write((byte)rest);
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    public void Write(DateTime time) => Write(time.Ticks);

    /// <summary>A text that is never large.</summary>
    public void Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Write(length);
        WriteUtf8(text, length);
    }

    /// <summary>A text that may be large or null.</summary>
    public void WritePayload(string? text)
    {
        if (text is null)
        {
            Write(PayloadForm.Null);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        if (length > MaxInlineBytes)
        {
            Write(PayloadForm.Reference);
            Write(_payloads.Store(Encoding.UTF8.GetBytes(text)));
            return;
        }

        Write(PayloadForm.Inline);
        Write(length);
        WriteUtf8(text, length);
    }

    public void Write(FailureDetails? failure)
    {
        Write(failure is null ? (byte)0 : (byte)1);
        if (failure is null) return;
        Write(failure.ErrorType);
        WritePayload(failure.ErrorMessage);
        WritePayload(failure.StackTrace);
        Write(failure.InnerFailure);
    }

    private void WriteUtf8(string text, int length)
    {
        Encoding.UTF8.GetBytes(text, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }
}

internal static class PayloadForm
{
    public const byte Null = 0;
    public const byte Inline = 1;
    public const byte Reference = 2;
}
