using System.Globalization;
using System.Text;

namespace Troupe.Integrations.Email;

/// <summary>Lines to and from a mail server. What is read is bounded.</summary>
internal sealed class SmtpWire(Stream stream) : IAsyncDisposable
{
    private const int MaxLine = 4 << 10;
    private const int MaxLines = 100;

    private readonly byte[] _buffer = new byte[MaxLine];
    private int _from;
    private int _until;

    public Stream Stream => stream;

    /// <summary>Whether the server has said more than was asked: before encryption that could be anybody's.</summary>
    public bool HasUnread => _until > _from;

    public async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <exception cref="IOException">The server hung up, or says what is no SMTP.</exception>
    public async Task<SmtpAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                break;
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
                return new SmtpAnswer(code, lines);
            if (line[3] != '-')
                break;
        }

        throw new IOException("what it says is no SMTP");
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = Array.IndexOf(_buffer, (byte)'\n', _from, _until - _from);
            if (end >= 0)
            {
                var line = Encoding.ASCII.GetString(_buffer, _from, end - _from).TrimEnd('\r');
                _from = end + 1;
                return line;
            }

            Buffer.BlockCopy(_buffer, _from, _buffer, 0, _until - _from);
            (_from, _until) = (0, _until - _from);
            if (_until == _buffer.Length)
                throw new IOException($"it says lines of more than {MaxLine} bytes");
            var read = await stream.ReadAsync(_buffer.AsMemory(_until), cancellationToken);
            if (read == 0)
                throw new IOException("it hung up");
            _until += read;
        }
    }
}

/// <param name="Lines">Without their codes.</param>
internal sealed record SmtpAnswer(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>The extension's words after its name; null where the server does not offer it.</summary>
    public string? Extension(string name) => Lines.Skip(1)
        .FirstOrDefault(line => line.Equals(name, StringComparison.OrdinalIgnoreCase) || line.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase))?[name.Length..];
}

/// <summary>Why a server does not take a mail, in words for the administrator; never with a password.</summary>
internal sealed class SmtpRefusedException(string message, bool isPassing) : Exception(message)
{
    /// <summary>Whether trying again may help.</summary>
    public bool IsPassing => isPassing;
}
