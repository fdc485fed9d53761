using System.Buffers.Binary;
using System.Text;
using Troupe.Durable;

namespace Troupe.Engine.Storage;

/// <summary>Reads what <see cref="PayloadWriter"/> wrote.</summary>
internal ref struct PayloadReader
{
    private const int MaxFailureLevels = 100;

    private readonly IPayloadSource _payloads;
    private ReadOnlySpan<byte> _rest;

    /// <exception cref="InvalidDataException">A newer release wrote the bytes.</exception>
    public PayloadReader(ReadOnlySpan<byte> bytes, byte newestFormat, IPayloadSource payloads)
    {
        _rest = bytes;
        _payloads = payloads;
        var format = ReadByte();
        if (format is 0 || format > newestFormat)
            throw new InvalidDataException($"A history step has format {format}, but this release reads {newestFormat} at most.");
    }

    public byte ReadByte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public int ReadInt()
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = ReadByte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return (int)(value >> 1) ^ -(int)(value & 1);
        }
    }

    /// <summary>How many things follow; each takes a byte at least.</summary>
    public int ReadCount()
    {
        var count = ReadInt();
        return count <= _rest.Length ? count : throw new InvalidDataException($"{count} things are announced, but only {_rest.Length} bytes follow.");
    }

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public DateTime ReadTime() => new(ReadLong(), DateTimeKind.Utc);

    public string ReadString() => Encoding.UTF8.GetString(Take(ReadInt()));

    public string? ReadPayload() => ReadByte() switch
    {
        PayloadForm.Null => null,
        PayloadForm.Inline => ReadString(),
        PayloadForm.Reference => _payloads.Load(ReadLong()),
        var form => throw new InvalidDataException($"A history step holds a payload of the unknown form {form}."),
    };

    public FailureDetails? ReadFailure(int levels = 0)
    {
        if (ReadByte() == 0) return null;
        if (levels == MaxFailureLevels) throw new InvalidDataException($"A failure has more than {MaxFailureLevels} causes.");
        return new FailureDetails(ReadString(), ReadPayload() ?? "", ReadPayload(), ReadFailure(levels + 1));
    }

    /// <exception cref="InvalidDataException">More was written than is read: another release meant something else by the bytes.</exception>
    public readonly void End()
    {
        if (_rest.Length > 0) throw new InvalidDataException($"{_rest.Length} bytes are left over.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
