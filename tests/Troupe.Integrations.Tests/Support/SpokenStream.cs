using System.Text;

namespace Troupe.Integrations.Tests.Support;

/// <summary>A connection whose other side says what was laid down, and which may break at a word.</summary>
internal sealed class SpokenStream(string said, string? brokenAt = null) : MemoryStream(Encoding.ASCII.GetBytes(said), writable: true)
{
    private readonly StringBuilder _written = new();

    public string Written => _written.ToString();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var text = Encoding.ASCII.GetString(buffer.Span);
        if (brokenAt is not null && text.StartsWith(brokenAt, StringComparison.Ordinal))
            throw new IOException("broken");
        _written.Append(text);
        return ValueTask.CompletedTask;
    }
}
