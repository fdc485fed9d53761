namespace Troupe.Core.Templates;

/// <summary>What templates and paths see of a finished task as <c>tasks.{id}</c>.</summary>
/// <param name="Status">The word of its status.</param>
/// <param name="Result">Its text; where that is a JSON object or list (also inside one code fence), paths go into it.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Results">Of a <c>for_each</c> task: the items' results in order. Where <paramref name="Result"/> is null, it is their JSON list. Null for other tasks, whose list is their result's, if that is one.</param>
public sealed record TaskValues(string Status, string? Result = null, string? Error = null, IReadOnlyList<string?>? Results = null);
