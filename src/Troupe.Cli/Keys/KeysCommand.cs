using System.CommandLine;
using Troupe.Cli.Connecting;
using Troupe.Cli.Operating;
using Troupe.Cli.Terminal;
using Troupe.Client;
using Troupe.Core;
using Troupe.Core.Access;

namespace Troupe.Cli.Keys;

/// <summary><c>troupe keys</c>: makes, lists and revokes keys.</summary>
internal static class KeysCommand
{
    private const string FirstKeySetting = "Troupe__Access__FirstKey";

    public static Command Create(Shell shell) => new("keys", "Make, list and revoke the keys that open a server; on the data folder itself where no server runs.")
    {
        Make(shell),
        List(shell),
        Revoke(shell),
        Hash(shell),
    };

    private static Command Make(Shell shell)
    {
        var name = new Option<string>("--name") { Description = "What the key is for.", HelpName = "text", Required = true };
        var role = new Option<string[]>("--role") { Description = "What it opens; repeatable. admin includes all, operator and approver include reader.", HelpName = "role", Required = true };
        role.AcceptOnlyFromAmong("reader", "operator", "approver", "admin");
        var owner = new Option<string?>("--owner") { Description = "The user it speaks for. Default: who makes it.", HelpName = "user" };
        var group = new Option<string[]>("--group") { Description = "A group that the user is in; repeatable.", HelpName = "name" };
        var expires = new Option<string?>("--expires") { Description = "How long it lives, such as 90d. Default: for ever.", HelpName = "duration" };
        return new Command("create", "Make a key and print it, this once.") { name, role, owner, group, expires }.AtTheDesk(shell, async (desk, request) =>
        {
            var life = request.Parsed.GetValue(expires);
            if (life is not null && !Duration.TryParse(life, out _))
                throw new CommandException(ExitCodes.Usage, $"--expires expects a duration such as 90d, at most 10 years; found '{Words.Line(life)}'.");
            var key = await desk.CreateAsync(
                new KeyRequest(
                    request.Parsed.GetRequiredValue(name),
                    request.Parsed.GetRequiredValue(role),
                    request.Parsed.GetValue(owner),
                    request.Parsed.GetValue(group),
                    life),
                request.Cancelled);
            if (!request.Json)
                shell.Error.WriteLine($"Made the key {key.Id} of {Words.Line(key.Owner)} ({string.Join(", ", key.Roles)}). It is shown this once; keep it safe:");
            request.Answer(key, output => output.WriteLine(key.Key));
        });
    }

    private static Command List(Shell shell)
    {
        var revoked = new Option<bool>("--revoked") { Description = "Also those that are revoked." };
        return new Command("list", "List keys, oldest first; never their texts.") { revoked }.AtTheDesk(shell, async (desk, request) =>
            request.AnswerRows(
                await desk.ListAsync(request.Parsed.GetValue(revoked), request.Cancelled),
                new("id", static key => key.Id),
                new("name", static key => key.Name),
                new("roles", static key => string.Join(",", key.Roles)),
                new("owner", static key => key.Owner),
                new("groups", static key => string.Join(",", key.Groups)),
                new("expires", static key => Words.Time(key.ExpiresAt)),
                new("last used", static key => Words.Time(key.LastUsedAt)),
                new("revoked", static key => Words.Time(key.RevokedAt))));
    }

    private static Command Revoke(Shell shell)
    {
        var id = new Argument<string>("key") { Description = "The key's id." };
        return new Command("revoke", "Revoke a key: it opens nothing from then on.") { id }.AtTheDesk(shell, async (desk, request) =>
        {
            var revoked = request.Parsed.GetRequiredValue(id);
            var held = await desk.ListAsync(revokedToo: false, request.Cancelled);
            await desk.RevokeAsync(revoked, request.Cancelled);
            if (!held.Any(key => key.Id != revoked && key.Roles.Contains("admin", StringComparer.Ordinal)))
                shell.Error.WriteLine("troupe: no key with the role admin is left; make the next one with the server stopped.");
        });
    }

    /// <summary>For a server that is configured before anyone can reach it: it is given the digest, the person keeps the key.</summary>
    private static Command Hash(Shell shell)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text." };
        var command = new Command("hash", "Make the first key of an Azure app: print it, this once, and the setting that lets it in.") { json };
        command.SetAction(parsed =>
        {
            var (key, digest) = KeyDigest.Mint();
            var isJson = parsed.GetValue(json);
            if (!isJson)
                shell.Error.WriteLine("Keep the key, which is shown this once; give the app the setting, which is no secret:");
            new Invocation(parsed, shell, isJson, CancellationToken.None).Answer(
                new { Key = key, Setting = FirstKeySetting, Value = digest.ToString() },
                output =>
                {
                    output.WriteLine(key);
                    output.WriteLine($"{FirstKeySetting}={digest}");
                });
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command AtTheDesk(this Command command, Shell shell, Func<KeyDesk, Invocation, Task> serve)
    {
        var connection = new ConnectionFlags();
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var desk = await KeyDesk.OpenAsync(connection.Locator(parsed, shell), shell, cancellationToken);
            await serve(desk, new Invocation(parsed, shell, connection.Json(parsed), cancellationToken));
            return ExitCodes.Success;
        });
        return command;
    }
}
