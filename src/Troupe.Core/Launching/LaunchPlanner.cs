using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Core.Launching;

/// <summary>Makes a plan of a launch, or says everything that is wrong with it.</summary>
internal sealed class LaunchPlanner(IWorkflowCatalog workflows, PlanCompiler compiler)
{
    public const int MaxBatch = 1_000;

    private static readonly JsonElement NoInputs = JsonSerializer.SerializeToElement(new { });

    /// <param name="launch">What to run.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="inputsAreOptional">A workflow launch without any inputs is no problem, though it could not run.</param>
    public async Task<PlannedLaunch> PlanAsync(Launch launch, CancellationToken cancellationToken, bool inputsAreOptional = false)
    {
        var problems = new List<Problem>(RunOptionsValidator.Validate(launch.Options, "/options"));
        if (launch.Id is { } id && !RunIds.IsValid(id))
            problems.Add(new Problem($"'{id}' cannot be a run's id. Use 1 to 64 letters, digits, '_', '.', '-'.", "/id"));
        var planned = launch switch
        {
            TaskLaunch task => await TaskAsync(task, cancellationToken),
            BatchLaunch batch => await BatchAsync(batch, cancellationToken),
            WorkflowLaunch workflow => await WorkflowAsync(workflow, inputsAreOptional, cancellationToken),
            _ => throw new ArgumentException($"Unknown kind of launch: {launch.GetType().Name}", nameof(launch)),
        };
        return planned with { Problems = [.. problems, .. planned.Problems] };
    }

    private async Task<PlannedLaunch> TaskAsync(TaskLaunch launch, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(launch.Prompt))
            return PlannedLaunch.Wrong(new Problem("A task needs a prompt that is not empty.", "/prompt"));
        var title = launch.Title ?? Titles.Of(launch.Prompt);
        var result = await compiler.CompileTasksAsync(title, [new TaskToPlan("task", launch.Agent, launch.Prompt, title, launch.Options)], launch.Options, cancellationToken);
        return new PlannedLaunch(RunKind.Task, title, result.Plan, NoInputs, result.Options, [.. result.Problems.Select(static problem => problem with { Pointer = Unnest(problem.Pointer) })]);
    }

    private async Task<PlannedLaunch> BatchAsync(BatchLaunch launch, CancellationToken cancellationToken)
    {
        if (launch.Tasks.Count is 0 or > MaxBatch)
            return PlannedLaunch.Wrong(new Problem($"A batch has 1 to {MaxBatch} tasks; this one has {launch.Tasks.Count}.", "/tasks"));
        var problems = new List<Problem>();
        var tasks = new List<TaskToPlan>(launch.Tasks.Count);
        foreach (var (task, index) in launch.Tasks.Select(static (task, index) => (task, index)))
        {
            if (string.IsNullOrWhiteSpace(task.Prompt))
                problems.Add(new Problem("A task needs a prompt that is not empty.", $"/tasks/{index}/prompt"));
            problems.AddRange(RunOptionsValidator.Validate(task.Options, $"/tasks/{index}/options"));
            tasks.Add(new TaskToPlan((index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), task.Agent, task.Prompt, task.Title ?? Titles.Of(task.Prompt), task.Options));
        }

        var name = launch.Title ?? $"Batch of {launch.Tasks.Count}";
        var result = await compiler.CompileTasksAsync(name, tasks, launch.Options, cancellationToken);
        return new PlannedLaunch(RunKind.Batch, name, result.Plan, NoInputs, result.Options, [.. problems, .. result.Problems]);
    }

    private async Task<PlannedLaunch> WorkflowAsync(WorkflowLaunch launch, bool inputsAreOptional, CancellationToken cancellationToken)
    {
        if (launch.Workflow is null == launch.Definition is null)
            return PlannedLaunch.Wrong(new Problem("Give either the name of a workflow or an inline definition.", "/workflow"));
        WorkflowDefinition definition;
        if (launch.Definition is { } inline)
        {
            var read = DefinitionReader.Read(inline);
            if (read.Definition is null)
                return PlannedLaunch.Wrong([.. read.Problems, .. await compiler.FindUnknownAgentsAsync(inline, cancellationToken)]);
            definition = read.Definition;
        }
        else if (await workflows.FindAsync(launch.Workflow!, cancellationToken) is { } source)
        {
            definition = source.Definition;
        }
        else
        {
            return PlannedLaunch.Wrong(await UnknownAsync(launch.Workflow!, cancellationToken));
        }

        var inputs = InputBinder.Bind(definition, launch.Inputs);
        if (inputs.Problems.Count > 0)
        {
            var missing = inputsAreOptional && launch.Inputs is null ? [] : inputs.Problems;
            return await WithoutInputsAsync(definition, launch.Options, missing, cancellationToken);
        }

        var result = await compiler.CompileAsync(definition, launch.Options, inputs.Inputs, cancellationToken);
        return new PlannedLaunch(RunKind.Workflow, definition.Name, result.Plan, inputs.Inputs, result.Options, result.Problems);
    }

    /// <summary>Finds what else is wrong with a launch whose inputs are. That a delay has no value then says nothing new.</summary>
    public async Task<PlannedLaunch> WithoutInputsAsync(
        WorkflowDefinition definition, RunOptions options, IReadOnlyList<Problem> problems, CancellationToken cancellationToken)
    {
        var result = await compiler.CompileAsync(definition, options, cancellationToken);
        var others = result.Problems.Where(static problem => !problem.Pointer.EndsWith("/delay", StringComparison.Ordinal));
        return new PlannedLaunch(RunKind.Workflow, definition.Name, result.Plan, NoInputs, result.Options, [.. problems, .. others]);
    }

    private async Task<Problem> UnknownAsync(string name, CancellationToken cancellationToken)
    {
        var known = await workflows.ListAsync(cancellationToken);
        return new Problem($"There is no workflow '{name}'. There are: {string.Join(", ", known.Select(static source => source.Definition.Name))}.", "/workflow");
    }

    /// <summary>A single task is compiled as a batch of one; its problems are told without the list around it.</summary>
    private static string Unnest(string pointer) =>
        pointer.StartsWith("/tasks/0", StringComparison.Ordinal) ? pointer["/tasks/0".Length..] : pointer;
}

/// <summary>A launch with its plan; there is no plan where there are problems.</summary>
internal sealed record PlannedLaunch(
    RunKind Kind, string Name, Plan? Plan, JsonElement Inputs, RunOptions Options, IReadOnlyList<Problem> Problems)
{
    public static PlannedLaunch Wrong(params IReadOnlyList<Problem> problems) => new(RunKind.Task, "", null, default, new RunOptions(), problems);
}
