using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Tests.Planning;

namespace Troupe.Core.Tests.Definitions;

public sealed class BuiltInWorkflowsTests
{
    private static readonly string Root = FindRoot();

    private static readonly string[] Names =
        [.. Directory.GetFiles(Path.Combine(Root, "workflows"), "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files() => new(Names);

    [Fact]
    public void Folder_Names_AreTheBuiltInOnes() => Assert.Equal(
        ["add-feature.yaml", "code-analysis.yaml", "daily-run.yaml", "deploy.yaml", "new-project.yaml", "research.yaml", "review-pr.yaml", "weekly-report.yaml"],
        Names);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_ReadAndCompiled_HasNoProblem(string name)
    {
        var definition = Read(name);
        Assert.Equal(Path.GetFileNameWithoutExtension(name), definition.Name);
        Assert.NotNull(definition.Description);
        Assert.All(definition.Inputs, input => Assert.NotNull(input.Description));
        var result = await Compiler().CompileAsync(definition, new RunOptions(), CancellationToken.None);
        Assert.Empty(result.Problems);
        Assert.Equal(1, result.Plan!.Nodes.Sum(node => node.Weight), 9);
        Assert.NotNull(result.Plan.ResultKey);
    }

    [Fact]
    public void Roster_EveryAgent_HasItsFile()
    {
        var files = Directory.GetFiles(Path.Combine(Root, "agents"), "*.md", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        Assert.All(Roster.Names, name => Assert.Contains(name, files));
    }

    [Fact]
    public async Task AddFeature_Plan_IsAnalysisThenTwoThenFiveGates()
    {
        var nodes = await PlanOf("add-feature.yaml");
        Assert.Equal(["backend", "frontend"], InPhase(nodes, "implementation"));
        Assert.Equal(["code-review", "testing", "security", "performance", "accessibility"], InPhase(nodes, "quality"));
        Assert.All(nodes.Where(node => node.Phase == "quality"), node => Assert.Empty(node.Needs));
    }

    [Fact]
    public async Task Deploy_Plan_HasApprovalAndCallbackGates()
    {
        var nodes = await PlanOf("deploy.yaml", """{"version":"2.4.0","environment":"production"}""");
        var approval = nodes.Single(node => node.Key == "rollout.gate");
        Assert.Equal("Deploy 2.4.0 to production?", approval.Title);
        Assert.Equal(GateType.Approval, approval.Gate!.Type);
        Assert.Equal("deployment-finished", nodes.Single(node => node.Key == "verification.gate").Gate!.Callback);
    }

    [Theory]
    [InlineData("""{"topic":"t"}""", 24, 48)]
    [InlineData("""{"topic":"t","duration":"2 weeks"}""", 42, 84)]
    [InlineData("""{"topic":"t","duration":"2 weeks","pace":"1h"}""", 1, 2)]
    public async Task Research_Delays_FollowPaceOrDuration(string inputs, double first, double others)
    {
        var nodes = await PlanOf("research.yaml", inputs);
        var delays = nodes.Where(node => node.Kind == PlanNodeKind.Delay).Select(node => node.Delay!.Value.TotalHours);
        Assert.Equal([first, others, others, others], delays);
    }

    [Theory]
    [InlineData("daily-run.yaml")]
    [InlineData("weekly-report.yaml")]
    [InlineData("code-analysis.yaml")]
    public void Scheduled_Workflow_NeedsNoInput(string name)
    {
        var definition = Read(name);
        Assert.NotNull(definition.Schedule);
        Assert.Empty(InputBinder.Bind(definition, given: null).Problems);
    }

    [Theory]
    [InlineData("add-feature", "add-feature.yaml")]
    [InlineData("research", "research.yaml")]
    public void Example_Inputs_FitTheirWorkflow(string folder, string workflow)
    {
        var inputs = JsonElement.Parse(File.ReadAllText(Path.Combine(Root, "examples", folder, "inputs.json")));
        Assert.Empty(InputBinder.Bind(Read(workflow), inputs).Problems);
    }

    internal static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    private static IEnumerable<string> InPhase(IEnumerable<PlanNode> nodes, string phase) =>
        nodes.Where(node => node.Phase == phase).Select(node => node.Key);

    private static PlanCompiler Compiler() => new(new KnownAgents(Roster.Names), new MemoryArtifacts());

    private static WorkflowDefinition Read(string name)
    {
        var result = DefinitionReader.Read(File.ReadAllText(Path.Combine(Root, "workflows", name)), name);
        Assert.Empty(result.Problems);
        return result.Definition!;
    }

    private static async Task<IReadOnlyList<PlanNode>> PlanOf(string name, string? inputs = null)
    {
        var definition = Read(name);
        var result = inputs is null
            ? await Compiler().CompileAsync(definition, new RunOptions(), CancellationToken.None)
            : await Compiler().CompileAsync(
                definition, new RunOptions(), InputBinder.Bind(definition, JsonElement.Parse(inputs)).Inputs, CancellationToken.None);
        Assert.Empty(result.Problems);
        return result.Plan!.Nodes;
    }
}
