using System.CommandLine;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe agents</c>: what tasks can name.</summary>
internal static class AgentsCommand
{
    public static Command Create(Shell shell) =>
        new Command("agents", "List the agents that tasks can name.").Asking(shell, static async request => request.AnswerRows(
            await request.Client.AgentsAsync(request.Cancelled).ToListAsync(request.Cancelled),
            new("agent", static agent => agent.Name),
            new("model", static agent => agent.Model, 32),
            new("provider", static agent => agent.Provider, 20),
            new("about", static agent => agent.Description, 80)));
}

/// <summary><c>troupe workflows</c>: what can be run.</summary>
internal static class WorkflowsCommand
{
    public static Command Create(Shell shell) =>
        new Command("workflows", "List the workflows that can be run.").Asking(shell, static async request => request.AnswerRows(
            await request.Client.DefinitionsAsync(request.Cancelled).ToListAsync(request.Cancelled),
            new("workflow", static workflow => workflow.Name),
            new("inputs", static workflow => string.Join(' ', workflow.Inputs.Select(static input => input.Required ? input.Name : $"[{input.Name}]")), 60),
            new("about", static workflow => workflow.Description, 80)));
}
