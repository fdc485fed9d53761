namespace Troupe.Core.Templates.Syntax;

internal readonly record struct Arity(int Min, int Max)
{
    public bool Allows(int count) => count >= Min && count <= Max;

    public override string ToString() => (Min == Max, Max) switch
    {
        (true, 1) => "1 value",
        (true, _) => $"{Min} values",
        (_, int.MaxValue) => $"at least {Min} values",
        _ => $"{Min} or {Max} values",
    };
}

internal static class HelperNames
{
    /// <summary>Wrapped around the value of a block, so that one that is missing or no list is an error.</summary>
    public const string EachValue = "each_value";

    public const string WithValue = "with_value";

    public static readonly IReadOnlyDictionary<string, Arity> Inline = new Dictionary<string, Arity>(StringComparer.Ordinal)
    {
        ["eq"] = new(2, 2),
        ["ne"] = new(2, 2),
        ["and"] = new(2, int.MaxValue),
        ["or"] = new(2, int.MaxValue),
        ["not"] = new(1, 1),
        ["contains"] = new(2, 2),
        ["json"] = new(1, 1),
        ["length"] = new(1, 1),
        ["join"] = new(1, 2),
        ["default"] = new(2, 2),
    };

    public static readonly IReadOnlyList<string> Blocks = ["if", "unless", "each", "with"];

    public static bool OpensScope(string block) => block is "each" or "with";
}
