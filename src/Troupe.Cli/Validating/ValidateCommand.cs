using System.CommandLine;
using Troupe.Cli.Terminal;
using Troupe.Core.Definitions;

namespace Troupe.Cli.Validating;

/// <summary><c>troupe validate</c>: checks workflow and agent files without a server.</summary>
internal static class ValidateCommand
{
    public static Command Create(Shell shell)
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Files or folders: .yaml, .yml and .json are workflows, .md are agents. Default: the workflows and agents folders here.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var agents = new Option<string[]>("--agents")
        {
            Description = "A folder of agents that workflows may name, beside the built-in ones and those given; repeatable.",
            HelpName = "folder",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text." };
        var command = new Command("validate", "Check workflow and agent files; every problem is named with file, line and column.") { paths, agents, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var files = FilesToCheck.Find(parsed.GetValue(paths) ?? [], shell);
            var check = new DefinitionCheck(files, [.. (parsed.GetValue(agents) ?? []).Select(shell.FullPath)]);
            var problems = await check.RunAsync(cancellationToken);
            Print(shell.Out, files, problems, parsed.GetValue(json), shell);
            return problems.Count == 0 ? ExitCodes.Success : ExitCodes.Invalid;
        });
        return command;
    }

    private static void Print(TextWriter output, FilesToCheck files, IReadOnlyList<Problem> problems, bool json, Shell shell)
    {
        if (json)
        {
            JsonOutput.Write(output, new ValidationOutcome(problems.Count == 0, files.Workflows.Count, files.Agents.Count, problems));
            return;
        }

        foreach (var problem in problems)
            output.WriteLine(Words.Plain((problem with { File = Relative(problem.File, shell) }).ToString()));
        var found = $"{Words.Count(files.Workflows.Count, "workflow")} and {Words.Count(files.Agents.Count, "agent")}";
        shell.Error.WriteLine($"{found}: {(problems.Count == 0 ? "no problems" : Words.Count(problems.Count, "problem"))}.");
    }

    private static string? Relative(string? file, Shell shell) =>
        file is not null && Path.IsPathFullyQualified(file) ? Path.GetRelativePath(shell.CurrentDirectory, file) : file;
}

/// <summary>What <c>troupe validate --json</c> prints.</summary>
internal sealed record ValidationOutcome(bool Valid, int Workflows, int Agents, IReadOnlyList<Problem> Problems);
