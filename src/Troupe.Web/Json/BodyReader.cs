using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Troupe.Web.Errors;

namespace Troupe.Web.Json;

/// <summary>Reads a request's body up to a limit.</summary>
internal static class BodyReader
{
    /// <summary>The limit of ordinary bodies: 1 MiB.</summary>
    public const long MaxLength = 1L << 20;

    /// <summary>The limit of a batch: 8 MiB.</summary>
    public const long MaxBatchLength = 8L << 20;

    private const int ChunkLength = 16 << 10;

    /// <exception cref="ApiException">413: the body is longer than the limit. 400: it breaks off, or its chunks are malformed.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, long limit)
    {
        if (request.ContentLength > limit)
            throw new ApiException(ApiProblem.TooLarge(limit));
        using var bytes = new MemoryStream((int)Math.Min(request.ContentLength ?? ChunkLength, ChunkLength));
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            while (await ReadAsync(request, chunk) is var read and > 0)
            {
                if (bytes.Length + read > limit)
                    throw new ApiException(ApiProblem.TooLarge(limit));
                bytes.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static async ValueTask<int> ReadAsync(HttpRequest request, byte[] chunk)
    {
        try
        {
            return await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status400BadRequest, "The body cannot be read to its end."));
        }
    }

    /// <summary>SHA-256 of the bytes in lower-case hex.</summary>
    public static string Hash(ReadOnlyMemory<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body.Span));
}
