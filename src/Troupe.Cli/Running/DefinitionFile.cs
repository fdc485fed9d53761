using Troupe.Client;
using Troupe.Core.Definitions;
using Troupe.Core.Stores;

namespace Troupe.Cli.Running;

/// <summary>A workflow file given instead of a name: checked here, where its lines are known, and launched inline.</summary>
internal static class DefinitionFile
{
    /// <summary>Whether a name on the command line means a file.</summary>
    public static bool Looks(string name) =>
        Path.GetExtension(name).ToLowerInvariant() is ".yaml" or ".yml" or ".json";

    /// <exception cref="CommandException">The file cannot be read, or is not a definition; every problem is named with its place.</exception>
    public static async Task<RunTarget> ReadAsync(string path)
    {
        var text = await TextSource.ReadFileAsync(path, "The workflow");
        var result = DefinitionReader.Read(text, path);
        if (result.Definition is not { } definition)
            throw new CommandException(ExitCodes.Invalid, string.Join('\n', result.Problems));
        return new RunTarget.Workflow(DefinitionSource.ToJson(text), [.. definition.Inputs.Select(ToInfo)]);
    }

    private static InputInfo ToInfo(InputDefinition input) => new()
    {
        Name = input.Name,
        Type = EnumWords<InputType>.Write(input.Type),
        Required = input.Required,
        Default = input.Default,
        Description = input.Description,
    };
}
