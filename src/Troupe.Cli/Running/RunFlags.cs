using System.CommandLine;
using Troupe.Cli.Terminal;
using Troupe.Client;
using Troupe.Core;

namespace Troupe.Cli.Running;

/// <summary>The options of <c>troupe run</c> that say what to launch and how.</summary>
internal sealed class RunFlags
{
    private readonly Argument<string> _name = new("name") { Description = "A workflow, an agent, or the path of a workflow file." };
    private readonly Option<bool> _workflow = new("--workflow") { Description = "Take the name for a workflow's." };
    private readonly Option<bool> _agent = new("--agent") { Description = "Take the name for an agent's." };

    private readonly Option<string[]> _inputs = new("--input", "-i")
    {
        Description = "An input of the workflow; repeatable: name=value, name=@file, name=- for standard input, or @file with a JSON object of inputs.",
        HelpName = "name=value",
    };

    private readonly Option<string?> _prompt = new("--prompt", "-p")
    {
        Description = "What an agent is to do: text, @file, or - for standard input.",
        HelpName = "text",
    };

    private readonly Option<string?> _id = new("--id") { Description = "The id that the run is to have; launching the same id twice is refused.", HelpName = "id" };
    private readonly Option<string[]> _tags = new("--tag") { Description = "A tag to find the run by; repeatable.", HelpName = "tag" };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long it may take: 90s, 15m, 2h.", HelpName = "duration" };
    private readonly Option<int?> _retries = new("--max-retries") { Description = "Retries of a task after its first attempt; 0 to 20.", HelpName = "n" };
    private readonly Option<int?> _concurrency = new("--max-concurrency") { Description = "Tasks that may go on at once; 1 to 500.", HelpName = "n" };

    public RunFlags()
    {
        Priority = new Option<string?>("--priority") { Description = "high, normal or low.", HelpName = "priority" };
        Priority.AcceptOnlyFromAmong("high", "normal", "low");
    }

    private Option<string?> Priority { get; }

    public void AddTo(Command command)
    {
        command.Add(_name);
        foreach (var option in (Option[])[_inputs, _prompt, _workflow, _agent, _id, _tags, _timeout, _retries, _concurrency, Priority])
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_workflow) && result.GetValue(_agent))
                result.AddError("Give either --workflow or --agent, not both.");
        });
    }

    public string Name(ParseResult parsed) => parsed.GetRequiredValue(_name);

    public TargetKind Kind(ParseResult parsed) =>
        parsed.GetValue(_workflow) ? TargetKind.Workflow : parsed.GetValue(_agent) ? TargetKind.Agent : TargetKind.Either;

    /// <summary>Launches the target with what the command line says.</summary>
    public async Task<LaunchResponse> LaunchAsync(
        TroupeClient client, RunTarget target, ParseResult parsed, Shell shell, CancellationToken cancellationToken)
    {
        var (prompt, inputs) = (parsed.GetValue(_prompt), parsed.GetValue(_inputs) ?? []);
        switch (target)
        {
            case RunTarget.Agent when inputs.Length > 0:
                throw new CommandException(ExitCodes.Usage, $"'{Name(parsed)}' is an agent: it takes --prompt, not --input.");
            case RunTarget.Agent when prompt is null:
                throw new CommandException(ExitCodes.Usage, $"'{Name(parsed)}' is an agent: say what it is to do with --prompt text, --prompt @file or --prompt -.");
            case RunTarget.Agent agent:
                var task = new TaskRequest(agent.Name, await TextSource.ReadAsync(prompt, "--prompt", shell)) { Id = parsed.GetValue(_id), Options = Options(parsed) };
                return await client.ScheduleTaskAsync(task, cancellationToken: cancellationToken);
            case RunTarget.Workflow when prompt is not null:
                throw new CommandException(ExitCodes.Usage, $"'{Name(parsed)}' is a workflow: it takes --input, not --prompt.");
            case RunTarget.Workflow workflow:
                var request = new WorkflowRequest(workflow.NameOrDefinition)
                {
                    Id = parsed.GetValue(_id),
                    Inputs = await InputArguments.ReadAsync(inputs, workflow.Inputs, shell),
                    Options = Options(parsed),
                };
                return await client.LaunchWorkflowAsync(request, cancellationToken: cancellationToken);
            default:
                throw new InvalidOperationException($"Unknown target {target}.");
        }
    }

    private LaunchOptions? Options(ParseResult parsed)
    {
        var options = new LaunchOptions
        {
            Tags = parsed.GetValue(_tags) is { Length: > 0 } tags ? tags : null,
            Timeout = Timeout(parsed.GetValue(_timeout)),
            MaxRetries = parsed.GetValue(_retries),
            MaxConcurrency = parsed.GetValue(_concurrency),
            Priority = parsed.GetValue(Priority),
        };
        return options == new LaunchOptions() ? null : options;
    }

    private static TimeSpan? Timeout(string? text)
    {
        if (text is null)
            return null;
        return Duration.TryParse(text, out var span)
            ? span
            : throw new CommandException(ExitCodes.Usage, $"--timeout expects a duration such as 90s, 15m or 2h; found '{Words.Line(text)}'.");
    }
}
