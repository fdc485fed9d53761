using System.CommandLine;
using Troupe.Cli.Connecting;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary>A command that asks a running server something.</summary>
internal static class ClientCommand
{
    /// <summary>Gives a command its connection and its action.</summary>
    public static Command Asking(this Command command, Shell shell, Func<Request, Task> ask)
    {
        var connection = new ConnectionFlags();
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = await connection.Locator(parsed, shell).ConnectAsync(cancellationToken);
            await ask(new Request(client, parsed, shell, connection.Json(parsed), cancellationToken));
            return ExitCodes.Success;
        });
        return command;
    }

    public static Argument<string> RunId() => new("run") { Description = "The run's id." };
}

/// <summary>One invocation of a <see cref="ClientCommand"/>.</summary>
internal sealed record Request(TroupeClient Client, ParseResult Parsed, Shell Shell, bool Json, CancellationToken Cancelled)
    : Invocation(Parsed, Shell, Json, Cancelled);

/// <summary>One invocation of a command that answers in text or JSON.</summary>
internal record Invocation(ParseResult Parsed, Shell Shell, bool Json, CancellationToken Cancelled)
{
    /// <summary>Prints a value as JSON, or whatever says it in text.</summary>
    public void Answer<T>(T value, Action<TextWriter> print)
    {
        if (Json)
            JsonOutput.Write(Shell.Out, value);
        else
            print(Shell.Out);
    }

    /// <summary>Prints rows as JSON, or as a table.</summary>
    public void AnswerRows<T>(IReadOnlyList<T> rows, params IReadOnlyList<Column<T>> columns) =>
        Answer(rows, output => TextTable.Write(output, rows, columns));
}
