using System.Text.Json;
using Troupe.Core.Definitions.Reading;

namespace Troupe.Core.Definitions;

/// <summary>Reads run options as requests spell them.</summary>
public static class RunOptionsReader
{
    /// <summary>Every problem at once, each with a pointer below the given one. Unknown keys are problems.</summary>
    /// <param name="given">An object; null or JSON null for none.</param>
    public static RunOptionsResult Read(JsonElement? given, string pointer = "/options")
    {
        if (given is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined })
            return new RunOptionsResult(new RunOptions(), []);
        if (given.Value.ValueKind != JsonValueKind.Object)
            return new RunOptionsResult(new RunOptions(), [new Problem("Options must be a JSON object.", pointer)]);
        ProblemLog? log = null;
        try
        {
            var root = (MapNode)JsonSource.Read(given.Value);
            log = new ProblemLog(root, file: null, pointer);
            var reader = new MapReader(root, "", log);
            var options = OptionsReader.Read(reader);
            reader.RefuseOthers("set of options");
            return new RunOptionsResult(options, log.ToList());
        }
        catch (TooManyProblemsException)
        {
            return new RunOptionsResult(new RunOptions(), log!.ToList());
        }
        catch (SourceException e)
        {
            return new RunOptionsResult(new RunOptions(), [new Problem(e.Message, pointer)]);
        }
    }
}

/// <param name="Options">Meaningful only where there is no problem.</param>
public sealed record RunOptionsResult(RunOptions Options, IReadOnlyList<Problem> Problems);
