using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Agents;
using Troupe.Cli.Running;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;

namespace Troupe.Cli.Validating;

/// <summary>Checks files as a server would at launch, without one.</summary>
internal sealed class DefinitionCheck(FilesToCheck files, IReadOnlyList<string> agentRoots)
{
    /// <summary>Every problem of every file, in the order of the files and their lines.</summary>
    public async Task<IReadOnlyList<Problem>> RunAsync(CancellationToken cancellationToken)
    {
        await using var services = Services();
        var catalog = services.GetRequiredService<IAgentCatalog>();
        var compiler = new PlanCompiler(catalog, new DiscardedArtifacts());
        var problems = new List<Problem>();
        foreach (var file in files.Agents)
            problems.AddRange(await CheckAgentAsync(catalog, file));
        foreach (var file in files.Workflows)
            problems.AddRange(await CheckWorkflowAsync(compiler, file, cancellationToken));
        return problems;
    }

    private static async Task<IEnumerable<Problem>> CheckAgentAsync(IAgentCatalog catalog, string file)
    {
        var (_, problems) = catalog.Read(Path.GetFileNameWithoutExtension(file), await TextSource.ReadFileAsync(file, "The agent"));
        return problems.Select(problem => problem with { File = file });
    }

    private static async Task<IEnumerable<Problem>> CheckWorkflowAsync(PlanCompiler compiler, string file, CancellationToken cancellationToken)
    {
        var text = await TextSource.ReadFileAsync(file, "The workflow");
        var read = DefinitionReader.Read(text, file);
        if (read.Definition is not { } definition)
            return read.Problems;
        var plan = await compiler.CompileAsync(definition, new RunOptions(), cancellationToken);
        return plan.Problems.Select(problem => DefinitionSource.Locate(problem, text, file));
    }

    /// <summary>The agents that workflows may name: those checked, those of the further roots, and the built-in ones.</summary>
    private ServiceProvider Services()
    {
        var roots = files.Agents.Select(static file => Path.GetDirectoryName(file)!).Distinct(StringComparer.Ordinal).Concat(agentRoots);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(roots.Select(static (root, index) => KeyValuePair.Create($"{AgentsOptions.Section}:Roots:{index}", (string?)root)))
            .Build();
        return new ServiceCollection().AddLogging().AddTroupeAgents(configuration).BuildServiceProvider();
    }

    /// <summary>Long prompts are stored while a plan is made; a check needs none of them.</summary>
    private sealed class DiscardedArtifacts : IArtifactStore
    {
        public async Task<ArtifactRef> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken) =>
            new(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)), content.Length, mediaType);

        public Task<Stream?> OpenAsync(string hash, CancellationToken cancellationToken) => Task.FromResult<Stream?>(null);
    }
}
