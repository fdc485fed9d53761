using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Troupe.Integrations.Tests.Support;

/// <summary>A mail server on the loopback address that keeps what it is given.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _mails = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly string _recipientAnswer;
    private readonly Task _serving;

    /// <param name="recipientAnswer">What it says to a recipient.</param>
    public SmtpSink(string recipientAnswer = "250 ok")
    {
        _recipientAnswer = recipientAnswer;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What it shows; without one it speaks no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether it speaks TLS from the first byte, in place of STARTTLS.</summary>
    public bool IsImplicit { get; init; }

    /// <summary>What it says right behind its answer to STARTTLS, unencrypted.</summary>
    public string Smuggled { get; init; } = "";

    /// <summary>The ways to sign in that it offers, and the only pair that it takes.</summary>
    public string Methods { get; init; } = "PLAIN LOGIN";

    public (string User, string Password) Account { get; init; } = ("troupe", "right");

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<string> Mails => [.. _mails];

    /// <summary>The commands that it was given, with how they came.</summary>
    public IReadOnlyList<string> Said => [.. _said];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            await ServeAsync(client).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Stream stream = client.GetStream();
        if (IsImplicit)
            stream = await SecureAsync(stream);
        await WriteAsync(stream, "220 sink");
        if (await ConverseAsync(stream) && Certificate is not null)
            await ConverseAsync(await SecureAsync(stream));
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _end.Token);
        return secure;
    }

    /// <summary>True where the client wants to go on encrypted.</summary>
    private async Task<bool> ConverseAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            _said.Enqueue($"{(stream is SslStream ? "tls" : "plain")} {line}");
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb == "DATA")
            {
                await WriteAsync(stream, "354 go on");
                _mails.Enqueue(await ReadMailAsync(reader));
            }

            await WriteAsync(stream, verb switch
            {
                "EHLO" => Hello(stream),
                "AUTH" => await SignInAsync(line.Split(' '), stream, reader),
                "STARTTLS" when Certificate is not null => $"220 go on{(Smuggled.Length > 0 ? "\r\n" + Smuggled : "")}",
                "STARTTLS" => "502 not here",
                "RCPT" => _recipientAnswer,
                "QUIT" => "221 bye",
                _ => "250 ok",
            });
            if (verb is "QUIT" or "STARTTLS")
                return verb == "STARTTLS";
        }

        return false;
    }

    private string Hello(Stream stream) => stream is SslStream || Certificate is null
        ? $"250-sink\r\n250-AUTH {Methods}\r\n250 SIZE 1000000"
        : "250-sink\r\n250-STARTTLS\r\n250 SIZE 1000000";

    private async Task<string> SignInAsync(string[] words, Stream stream, StreamReader reader)
    {
        if (words is ["AUTH", "PLAIN", var both])
            return Text(both) == $"\0{Account.User}\0{Account.Password}" ? "235 welcome" : "535 5.7.8 no";
        await WriteAsync(stream, "334 VXNlcm5hbWU6");
        var user = Text((await reader.ReadLineAsync(_end.Token))!);
        await WriteAsync(stream, "334 UGFzc3dvcmQ6");
        return (user, Text((await reader.ReadLineAsync(_end.Token))!)) == Account ? "235 welcome" : "535 5.7.8 no";
    }

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private Task WriteAsync(Stream stream, string line) => stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), _end.Token).AsTask();

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
            mail.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append('\n');
        return mail.ToString();
    }
}
