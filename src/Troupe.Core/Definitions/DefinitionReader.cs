using System.Text;
using System.Text.Json;
using Troupe.Core.Definitions.Checks;
using Troupe.Core.Definitions.Reading;

namespace Troupe.Core.Definitions;

/// <param name="Definition">Null where there are problems.</param>
/// <param name="Problems">All of them, in the order of the text.</param>
public sealed record DefinitionResult(WorkflowDefinition? Definition, IReadOnlyList<Problem> Problems);

/// <summary>Reads workflow definitions and finds everything that is wrong with them at once.</summary>
public static class DefinitionReader
{
    /// <summary>Reads YAML, or JSON where the text begins with a brace: at most 1 MiB, 64 levels, 100 phases, 1,000 tasks.</summary>
    /// <param name="file">For problems; they have line and column.</param>
    public static DefinitionResult Read(string text, string? file = null)
    {
        if (Encoding.UTF8.GetByteCount(text) > SourceLimits.MaxBytes)
            return Refused(new Problem($"The definition is longer than {SourceLimits.MaxBytes} bytes, the limit.", File: file));
        return Read(() => DefinitionSource.Read(text), file);
    }

    /// <summary>Reads the inline definition of a request; the problems' pointers are relative to it.</summary>
    public static DefinitionResult Read(JsonElement inline) => Read(() => JsonSource.Read(inline), file: null);

    private static DefinitionResult Read(Func<SourceNode> source, string? file)
    {
        try
        {
            return source() is MapNode root
                ? Read(root, file)
                : Refused(new Problem("A definition must be a mapping with name and phases.", File: file));
        }
        catch (SourceException e)
        {
            return Refused(new Problem(e.Message, "", file, e.Mark?.Line, e.Mark?.Column));
        }
    }

    private static DefinitionResult Read(MapNode root, string? file)
    {
        var log = new ProblemLog(root, file);
        try
        {
            var definition = WorkflowReader.Read(new MapReader(root, "", log));
            if (!WorkflowReader.IsWithinLimits(definition))
                return new DefinitionResult(null, log.ToList());
            var index = new WorkflowIndex(definition);
            new GraphCheck(definition, index, log).Run();
            new TextCheck(definition, index, log).Run();
            return log.IsEmpty ? new DefinitionResult(definition, []) : new DefinitionResult(null, log.ToList());
        }
        catch (TooManyProblemsException)
        {
            return new DefinitionResult(null, [.. log.ToList(), new Problem("There may be more problems; correct these first.", File: file)]);
        }
    }

    private static DefinitionResult Refused(Problem problem) => new(null, [problem]);
}
