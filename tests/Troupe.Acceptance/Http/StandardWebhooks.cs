using System.Diagnostics;

namespace Troupe.Acceptance.Http;

/// <summary>The public library of Standard Webhooks for Node, in the version that its lock file names.</summary>
internal static class StandardWebhooks
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "standard-webhooks");

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>What the library says of each: the payload that it verified, or its error.</summary>
    public static async Task<IReadOnlyList<Verified>> VerifyAsync(params IReadOnlyList<Message> messages)
    {
        await Installed.Value;
        var answers = await RunAsync("node", ["verify.mjs"], JsonSerializer.Serialize(messages, JsonSerializerOptions.Web));
        return JsonSerializer.Deserialize<List<Verified>>(answers, JsonSerializerOptions.Web)!;
    }

    private static async Task InstallAsync()
    {
        var (wanted, found) = (Path.Combine(Folder, "package-lock.json"), Path.Combine(Folder, "installed.json"));
        var versions = await File.ReadAllTextAsync(wanted);
        if (File.Exists(found) && await File.ReadAllTextAsync(found) == versions)
            return;
        await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "");
        await File.WriteAllTextAsync(found, versions);
    }

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
        return await output;
    }

    /// <param name="Ahead">Seconds that the receiver's clock is ahead.</param>
    internal sealed record Message(string Secret, IReadOnlyDictionary<string, string> Headers, string Body, int Ahead = 0)
    {
        public static Message Of(WebhookRequest got, string secret) => new(
            secret,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["webhook-id"] = got.Id,
                ["webhook-timestamp"] = got.Timestamp,
                ["webhook-signature"] = got.Signature ?? "",
            },
            got.Body);

        public Message With(string header, string value) =>
            this with { Headers = new Dictionary<string, string>(Headers, StringComparer.Ordinal) { [header] = value } };
    }

    internal sealed record Verified(JsonElement? Payload, string? Error);
}
