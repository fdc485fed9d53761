using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Web.Json;

namespace Troupe.Web.Launching;

/// <summary>Reads the bodies of launches (A1, A2).</summary>
internal static class LaunchFields
{
    private const int MaxBatch = 1_000;

    public static TaskLaunch Task(JsonFields fields) => new()
    {
        Id = fields.Text("id"),
        Agent = fields.Text("agent"),
        Prompt = fields.RequiredText("prompt"),
        Title = fields.Text("title"),
        Options = Options(fields),
    };

    public static WorkflowLaunch Workflow(JsonFields fields)
    {
        var workflow = fields.Value("workflow");
        if (workflow is not { ValueKind: JsonValueKind.String or JsonValueKind.Object })
            fields.Report("workflow", "The name of a workflow or an inline definition is required here.");
        return new()
        {
            Id = fields.Text("id"),
            Workflow = workflow is { ValueKind: JsonValueKind.String } name ? name.GetString() : null,
            Definition = workflow is { ValueKind: JsonValueKind.Object } ? workflow : null,
            Inputs = fields.Object("inputs"),
            Options = Options(fields),
        };
    }

    public static BatchLaunch Batch(JsonFields fields) => new()
    {
        Id = fields.Text("id"),
        Title = fields.Text("title"),
        Tasks = fields.Objects("tasks", MaxBatch, BatchTask),
        Options = Options(fields),
    };

    private static TaskLaunch BatchTask(JsonFields fields) => new()
    {
        Agent = fields.Text("agent"),
        Prompt = fields.RequiredText("prompt"),
        Title = fields.Text("title"),
        Options = Options(fields),
    };

    public static RunOptions Options(JsonFields fields) => fields.Part("options", static (value, pointer) =>
    {
        var read = RunOptionsReader.Read(value, pointer);
        return (read.Options, read.Problems);
    });
}
