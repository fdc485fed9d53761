using System.Buffers;
using System.Text.Encodings.Web;

namespace Troupe.Web.Tasks;

/// <summary>Writes UTF-8 text as a JSON string, piece by piece.</summary>
internal static class JsonStrings
{
    private const int PieceLength = 16 << 10;

    // A byte becomes at most six ("\u001b").
    private const int Growth = 6;

    private static readonly byte[] Quote = [(byte)'"'];

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static async Task WriteAsync(Stream text, Stream output, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        var escaped = ArrayPool<byte>.Shared.Rent(PieceLength * Growth);
        try
        {
            await output.WriteAsync(Quote, cancellationToken);
            var kept = 0;
            bool ended;
            do
            {
                var read = await text.ReadAsync(piece.AsMemory(kept, PieceLength - kept), cancellationToken);
                ended = read == 0;
                var (written, left) = Escape(piece, kept + read, escaped, ended);
                await output.WriteAsync(escaped.AsMemory(0, written), cancellationToken);
                kept = left;
            }
            while (!ended);
            await output.WriteAsync(Quote, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            ArrayPool<byte>.Shared.Return(escaped);
        }
    }

    /// <summary>Escapes what is complete and moves the beginning of an unfinished character to the front.</summary>
    private static (int Written, int Left) Escape(byte[] piece, int length, byte[] escaped, bool isLast)
    {
        Encoder.EncodeUtf8(piece.AsSpan(0, length), escaped, out var consumed, out var written, isLast);
        piece.AsSpan(consumed, length - consumed).CopyTo(piece);
        return (written, length - consumed);
    }
}
