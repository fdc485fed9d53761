using System.Text.Json;
using Troupe.Core.Definitions;

namespace Troupe.Web.Catalogs;

/// <summary>A workflow definition as readers see it.</summary>
internal sealed record DefinitionBody
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Version { get; init; }

    /// <summary>The file's name; absent where it was put by API.</summary>
    public string? File { get; init; }

    public required IReadOnlyList<InputBody> Inputs { get; init; }

    public required IReadOnlyList<DefinitionPhase> Phases { get; init; }

    /// <summary>As written, YAML or JSON; told of a single definition only.</summary>
    public string? Text { get; init; }

    public static DefinitionBody Of(WorkflowSource source) => new()
    {
        Name = source.Definition.Name,
        Description = source.Definition.Description,
        Version = source.Version,
        File = Path.GetFileName(source.File),
        Inputs = [.. source.Definition.Inputs.Select(InputBody.Of)],
        Phases = [.. source.Definition.Phases.Select(static phase => new DefinitionPhase(phase.Id, phase.Title, phase.After, phase.Tasks.Count))],
    };
}

internal sealed record DefinitionPhase(string Id, string Title, IReadOnlyList<string> After, int Tasks);

internal sealed record InputBody(
    string Name, InputType Type, bool Required, JsonElement? Default, string? Description, IReadOnlyList<JsonElement>? Enum)
{
    public static InputBody Of(InputDefinition input) =>
        new(input.Name, input.Type, input.Required, input.Default, input.Description, input.Enum);
}
