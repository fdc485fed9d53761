using System.CommandLine;
using System.Net;
using Troupe.Cli.Connecting;
using Troupe.Cli.Keys;
using Troupe.Cli.Operating;
using Troupe.Cli.Running;
using Troupe.Cli.Serving;
using Troupe.Cli.Terminal;
using Troupe.Cli.Validating;
using Troupe.Client;
using Troupe.Sqlite;

namespace Troupe.Cli;

/// <summary>The whole command line: parses, runs one command, and turns what goes wrong into a message and an exit code.</summary>
internal sealed class CommandLine(Shell shell)
{
    // '@' begins a file's name in --input and --prompt, never a response file.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var parsed = Build().Parse(args, Parsing);
        if (parsed.Errors.Count > 0)
            return Complain(parsed);
        var invocation = new InvocationConfiguration
        {
            Output = shell.Out,
            Error = shell.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (CommandException failure)
        {
            return Fail(failure.ExitCode, failure.Message);
        }
        catch (Exception failure) when (failure is TroupeUnreachableException or SqliteDatabaseInUseException)
        {
            return Fail(ExitCodes.Unreachable, failure.Message);
        }
        catch (TroupeApiException refusal)
        {
            return Fail(CodeOf(refusal.Status), Describe(refusal));
        }
    }

    private RootCommand Build()
    {
        var root = new RootCommand("Runs AI-agent work in the background: durable, parallel, followed live.")
        {
            RunCommand.Create(shell),
            ServeCommand.Create(shell),
            ListCommand.Create(shell),
            StatusCommand.Create(shell),
            ResultCommand.Create(shell),
            LogsCommand.Create(shell),
            ControlCommands.Cancel(shell),
            ControlCommands.Pause(shell),
            ControlCommands.Resume(shell),
            ControlCommands.Rerun(shell),
            ApprovalsCommand.Create(shell),
            ApproveCommand.Create(shell),
            AnswerCommand.Create(shell),
            CallbackCommand.Create(shell),
            KeysCommand.Create(shell),
            AgentsCommand.Create(shell),
            WorkflowsCommand.Create(shell),
            ExecutorsCommand.Create(shell),
            ValidateCommand.Create(shell),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }

    private int Complain(ParseResult parsed)
    {
        var errors = parsed.Errors;
        if (errors.Count > 1 && parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command is RootCommand)
            errors = [.. errors.Skip(1)]; // An unknown command is not a missing one, too.
        foreach (var error in errors)
            shell.Error.WriteLine($"troupe: {error.Message}");
        var command = parsed.CommandResult.Command;
        shell.Error.WriteLine($"Try: troupe {(command is RootCommand ? "" : command.Name + " ")}--help");
        return ExitCodes.Usage;
    }

    private int Fail(int code, string message)
    {
        shell.Error.WriteLine($"troupe: {message}");
        return code;
    }

    private static string Describe(TroupeApiException refusal) => string.Join(
        "\n  ",
        [
            refusal.Detail ?? refusal.Title,
            .. refusal.Status == HttpStatusCode.Unauthorized ? [$"Give a key with --key, {KeyFinder.Variable} or the file ~/.config/troupe/key; 'troupe keys create' makes one."] : Array.Empty<string>(),
            .. refusal.Errors.Select(static error => Words.Line($"{error.Pointer}: {error.Detail}".TrimStart(':', ' '), 500)),
        ]);

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound or HttpStatusCode.BadRequest => ExitCodes.Invalid,
        _ => ExitCodes.Failed,
    };
}
