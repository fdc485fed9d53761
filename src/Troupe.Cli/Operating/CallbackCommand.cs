using System.CommandLine;
using System.Text.Json;
using Troupe.Cli.Running;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe callback</c>: tells a run what it waits for from another system.</summary>
internal static class CallbackCommand
{
    public static Command Create(Shell shell)
    {
        var run = ClientCommand.RunId();
        var name = new Argument<string>("name") { Description = "The callback's name." };
        var payload = new Argument<string?>("payload") { Description = "JSON; @file, or - for standard input. Default: {}.", Arity = ArgumentArity.ZeroOrOne };
        var delivery = new Option<string?>("--delivery") { Description = "The delivery's id: the same one twice counts once.", HelpName = "id" };
        var token = new Option<string?>("--token") { Description = "The callback's own token, or @file; without it, the key must be an operator's.", HelpName = "token" };
        return new Command("callback", "Send a run the callback that it waits for; one sent before it waits is kept.") { run, name, payload, delivery, token }
            .Asking(shell, async request =>
            {
                var (id, callback) = (request.Parsed.GetRequiredValue(run), request.Parsed.GetRequiredValue(name));
                var json = Read(await TextSource.ReadAsync(request.Parsed.GetValue(payload) ?? "{}", "payload", shell));
                var secret = request.Parsed.GetValue(token) is { } text ? (await TextSource.ReadAsync(text, "--token", shell)).Trim() : null;
                await request.Client.CallbackAsync(id, callback, json, request.Parsed.GetValue(delivery), secret, request.Cancelled);
                request.Answer(new { WorkflowId = id, Name = callback }, output => output.WriteLine($"{id}: the callback '{callback}' was taken."));
            });
    }

    private static JsonElement Read(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw new CommandException(ExitCodes.Invalid, $"A callback carries JSON; found '{Words.Line(text, 60)}'.");
        }
    }
}
