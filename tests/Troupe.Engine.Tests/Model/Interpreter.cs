using System.Globalization;
using Troupe.Durable;

namespace Troupe.Engine.Tests.Model;

/// <summary>An orchestrator whose code is its input. Its output says what each instruction brought.</summary>
internal sealed class Interpreter : Orchestrator<ProgramInput, string>
{
    public const string Name = "Program";

    private static readonly RetryPolicy Retry = new(ReferenceModel.Attempts, ReferenceModel.FirstRetry, ReferenceModel.Backoff);

    public override async Task<string> RunAsync(OrchestrationContext context, ProgramInput input)
    {
        var trace = input.Trace;
        for (var at = input.At; at < input.Program.Count; at++)
        {
            var instruction = input.Program[at];
            if (instruction.Step == Step.ContinueAsNew)
            {
                context.ContinueAsNew(input with { At = at + 1, Trace = trace });
                return trace;
            }

            try
            {
                trace += await ExecuteAsync(context, instruction, at) + ";";
            }
            catch (TaskFailedException) when (instruction.Caught)
            {
                trace += "caught;";
            }
        }

        return trace;
    }

    private static async Task<string> ExecuteAsync(OrchestrationContext context, Instruction instruction, int at)
    {
        switch (instruction.Step)
        {
            case Step.Work or Step.Held:
                return await CallAsync(context, instruction.Step, at, 0);
            case Step.Service:
                return await CallAsync(context, instruction.Step, at, 0, new TaskOptions(Retry));
            case Step.FanOut:
                return string.Join(",", await Task.WhenAll(
                    CallAsync(context, Step.Work, at, 0), CallAsync(context, Step.Service, at, 1), CallAsync(context, Step.Held, at, 2)));
            case Step.Wait:
                return await context.WaitForExternalEvent<string>(instruction.Name);
            case Step.WaitFor:
                return await WaitForAsync(context, instruction);
            case Step.Children:
                return string.Join(",", await Task.WhenAll(instruction.Programs!.Select((program, branch) => context.CallSubOrchestratorAsync<string>(
                    Name, new ProgramInput(program), new SubOrchestrationOptions(InstanceId: ReferenceModel.ChildId(context.InstanceId, at, branch))))));
            case Step.Sleep:
                var due = context.CurrentUtcDateTime.AddSeconds(instruction.Seconds);
                await context.CreateTimer(due, CancellationToken.None);
                return context.CurrentUtcDateTime >= due ? "slept" : "woken early";
            default:
                return ActAtOnce(context, instruction);
        }
    }

    private static string ActAtOnce(OrchestrationContext context, Instruction instruction)
    {
        switch (instruction.Step)
        {
            case Step.Background:
                _ = context.CreateTimer(TimeSpan.FromSeconds(instruction.Seconds), CancellationToken.None);
                return "left";
            case Step.Status:
                context.SetCustomStatus(instruction.Name);
                return "told";
            case Step.Send:
                context.SendEvent(instruction.Target, instruction.Name, Answers.SentPayload);
                return "sent";
            default:
                throw new InvalidOperationException("The program says so.");
        }
    }

    private static async Task<string> WaitForAsync(OrchestrationContext context, Instruction instruction)
    {
        try
        {
            return await context.WaitForExternalEvent<string>(instruction.Name, TimeSpan.FromSeconds(instruction.Seconds));
        }
        catch (TaskCanceledException)
        {
            return "timeout";
        }
    }

    private static Task<string> CallAsync(OrchestrationContext context, Step step, int at, int branch, TaskOptions? options = null) =>
        context.CallActivityAsync<string>(step.ToString(), string.Create(CultureInfo.InvariantCulture, $"{context.InstanceId}/{at}/{branch}"), options);
}
