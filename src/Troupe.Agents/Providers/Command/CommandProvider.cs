using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers.Command;

/// <summary>A local program: the prompt is its input, what it prints is the answer.</summary>
internal sealed class CommandProvider(IOptions<AgentsOptions> options, TimeProvider time) : IAgentProvider
{
    public string Name => ProviderNames.Command;

    public TimeSpan Timeout => options.Value.CommandTimeout;

    public string? ModelOf(AgentDefinition agent) => null;

    public Failure? WhyNot(AgentDefinition agent)
    {
        if (CommandOf(agent) is not [var program, ..])
            return new(FailureKinds.MissingDependencies, $"There is no program for the agent '{agent.Name}': give its file a 'command', or set {AgentsOptions.Section}:Command.");
        return ProgramFile.Find(program) is null
            ? new(FailureKinds.MissingDependencies, $"The program '{program}' of the agent '{agent.Name}' was not found. Install it, or correct 'command'.")
            : null;
    }

    public IChatClient ClientFor(AgentTurnRequest request) =>
        new CommandChatClient(CommandOf(request.Agent), request.Agent.Name, options.Value.CommandOutputLimit, time);

    private IReadOnlyList<string> CommandOf(AgentDefinition agent) => agent.Command ?? [.. options.Value.Command];
}
