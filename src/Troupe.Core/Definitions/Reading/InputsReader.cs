using System.Text.Json;
using System.Text.RegularExpressions;
using Troupe.Core.Json;
using Troupe.Core.Stores;

namespace Troupe.Core.Definitions.Reading;

/// <summary>Reads <c>inputs</c>: a mapping of names, or a list of mappings with a name each.</summary>
internal static partial class InputsReader
{
    private const int MaxInputs = 100;

    public static IReadOnlyList<InputDefinition> Read(MapReader owner)
    {
        List<InputDefinition> inputs = owner.Take("inputs") switch
        {
            null => [],
            MapNode named => ReadNamed(named, owner),
            ListNode => [.. owner.Maps("inputs", "input").Select(map => ReadInput(map, ReadName(map)))],
            var other => owner.Refuse<List<InputDefinition>>("inputs", "a mapping of names or a list", other) ?? [],
        };
        if (inputs.Count > MaxInputs)
            owner.Log.Add($"A workflow has at most {MaxInputs} inputs; found {inputs.Count}.", owner.At("inputs"));
        return inputs;
    }

    private static List<InputDefinition> ReadNamed(MapNode named, MapReader owner)
    {
        var place = owner.At("inputs");
        _ = owner.Map("inputs", "a mapping");
        List<InputDefinition> inputs = [];
        foreach (var entry in named.Entries.DistinctBy(entry => entry.Key))
        {
            var at = JsonPointer.Append(place, entry.Key);
            CheckName(entry.Key, at, entry.KeyMark, owner.Log);
            switch (entry.Value)
            {
                case MapNode map:
                    inputs.Add(ReadInput(new MapReader(map, at, owner.Log), entry.Key));
                    break;
                case ScalarNode { Type: ScalarKind.Null }:
                    inputs.Add(new InputDefinition { Name = entry.Key });
                    break;
                case ScalarNode { Type: ScalarKind.Text } word when EnumWords<InputType>.TryRead(word.Text, out var type):
                    inputs.Add(new InputDefinition { Name = entry.Key, Type = type });
                    break;
                default:
                    owner.Log.Add($"An input must be a mapping with type, required, default, description, enum, or a type ({string.Join(", ", EnumWords<InputType>.All)}); found {entry.Value.Kind}.", at);
                    break;
            }
        }

        return inputs;
    }

    private static string ReadName(MapReader map)
    {
        var name = map.Required("name", 64, "topic");
        if (name.Length > 0)
            CheckName(name, map.At("name"), null, map.Log);
        return name;
    }

    private static void CheckName(string name, string place, Mark? mark, ProblemLog log)
    {
        const string rule = "An input's name has letters, digits and underscores, 1 to 64, and begins with no digit";
        if (NamePattern().IsMatch(name))
            return;
        if (mark is null)
            log.Add($"{rule}; found \"{name}\".", place);
        else
            log.Add($"{rule}; found \"{name}\".", place, mark);
    }

    private static InputDefinition ReadInput(MapReader map, string name)
    {
        var input = new InputDefinition
        {
            Name = name,
            Type = map.Word<InputType>("type") ?? InputType.String,
            Required = map.Boolean("required") ?? false,
            Default = map.Json("default"),
            Description = map.Text("description", 2000),
            Enum = ReadEnum(map),
        };
        CheckValues(input, map);
        map.RefuseOthers("input");
        return input;
    }

    private static IReadOnlyList<JsonElement>? ReadEnum(MapReader map) => map.Take("enum") switch
    {
        null => null,
        ListNode { Items.Count: > 0 and <= 200 } list => [.. list.Items.Select(item => item.ToJson())],
        var other => map.Refuse<IReadOnlyList<JsonElement>>("enum", "a list of 1 to 200 values", other),
    };

    private static void CheckValues(InputDefinition input, MapReader map)
    {
        if (input is { Required: true, Default: not null })
            map.Log.Add("An input with a \"default\" is never missing; drop \"required\" or the default.", map.At("default"));
        for (var i = 0; i < input.Enum?.Count; i++)
        {
            if (InputBinder.CheckType(input.Type, input.Enum[i]) is { } wrong)
                map.Log.Add($"A value of \"enum\" must be {wrong}.", JsonPointer.Append(map.At("enum"), i));
        }

        if (input.Default is { } value && InputBinder.Check(input, value) is { } problem)
            map.Log.Add($"The default of \"{input.Name}\" must be {problem}.", map.At("default"));
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
