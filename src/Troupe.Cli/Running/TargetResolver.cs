using System.Net;
using System.Text.Json;
using Troupe.Cli.Terminal;
using Troupe.Client;
using Troupe.Core.Definitions;

namespace Troupe.Cli.Running;

/// <summary>Finds out what a name on the command line means: a definition file, else a workflow, else an agent.</summary>
internal sealed class TargetResolver(TroupeClient client, Shell shell)
{
    /// <exception cref="CommandException">It means nothing; the message lists what there is.</exception>
    public async Task<RunTarget> ResolveAsync(string name, TargetKind kind, CancellationToken cancellationToken)
    {
        if (kind != TargetKind.Agent && DefinitionFile.Looks(name))
            return await DefinitionFile.ReadAsync(shell.FullPath(name));
        if (kind != TargetKind.Agent && await FindAsync(client.DefinitionAsync(name, cancellationToken)) is { } definition)
            return new RunTarget.Workflow(JsonSerializer.SerializeToElement(name), definition.Inputs);
        if (kind != TargetKind.Workflow && await FindAsync(client.AgentAsync(name, cancellationToken)) is not null)
            return new RunTarget.Agent(name);
        throw new CommandException(ExitCodes.Invalid, await UnknownAsync(name, kind, cancellationToken));
    }

    private static async Task<T?> FindAsync<T>(Task<T> asked)
        where T : class
    {
        try
        {
            return await asked;
        }
        catch (TroupeApiException refusal) when (refusal.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return null;
        }
    }

    private async Task<string> UnknownAsync(string name, TargetKind kind, CancellationToken cancellationToken)
    {
        List<string> workflows = kind == TargetKind.Agent ? [] : await client.DefinitionsAsync(cancellationToken).Select(static definition => definition.Name).ToListAsync(cancellationToken);
        List<string> agents = kind == TargetKind.Workflow ? [] : await client.AgentsAsync(cancellationToken).Select(static agent => agent.Name).ToListAsync(cancellationToken);
        var text = $"There is no {(kind == TargetKind.Either ? "workflow or agent" : kind.ToString().ToLowerInvariant())} '{Words.Line(name)}'. {Suggestion.For(name, [.. workflows, .. agents])}".TrimEnd();
        if (workflows.Count > 0)
            text += $"\n  Workflows: {string.Join(", ", workflows)}";
        if (agents.Count > 0)
            text += $"\n  Agents: {string.Join(", ", agents)}";
        return text;
    }
}
