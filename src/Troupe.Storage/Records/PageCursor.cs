using System.Buffers.Binary;
using Troupe.Core.Records;
using Troupe.Core.Stores;

namespace Troupe.Storage.Records;

/// <summary>The last row of a page: the value that the list is ordered by, and the row's key.</summary>
/// <param name="Kind">Which list it belongs to.</param>
internal readonly record struct PageCursor(char Kind, long Order, long Row)
{
    private const int Length = 16;

    /// <summary>Writes a cursor as a page gives it out.</summary>
    public override string ToString()
    {
        Span<byte> place = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(place, Order);
        BinaryPrimitives.WriteInt64BigEndian(place[8..], Row);
        return CursorText.Write(Kind, place);
    }

    /// <exception cref="InvalidCursorException">The text is not a cursor of that list.</exception>
    public static PageCursor? Parse(char kind, string? text)
    {
        if (text is null) return null;
        var place = CursorText.Read(kind, text);
        if (place.Length != Length) throw new InvalidCursorException(text);
        return new PageCursor(kind, BinaryPrimitives.ReadInt64BigEndian(place), BinaryPrimitives.ReadInt64BigEndian(place.AsSpan(8)));
    }
}
