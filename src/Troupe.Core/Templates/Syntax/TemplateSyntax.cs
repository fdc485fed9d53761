namespace Troupe.Core.Templates.Syntax;

/// <summary>What the parser found in a template.</summary>
/// <param name="Executable">The text to compile: the source with a check around each value that a block opens.</param>
/// <param name="HasTags">False where the source is to be taken as it is.</param>
internal sealed record TemplateSyntax(
    string Executable, bool HasTags, IReadOnlyList<PathUse> Paths, IReadOnlyList<SyntaxProblem> Problems);

internal sealed record SyntaxProblem(string Message, int Offset);

/// <summary>One use of a path.</summary>
/// <param name="Segments">Its names, without <c>../</c>, <c>@root</c> and <c>this</c>.</param>
/// <param name="Scope">How many contexts of <c>each</c> and <c>with</c> lie between the path and the root; 0 where it starts at the root.</param>
internal sealed record PathUse(string Text, int Offset, IReadOnlyList<string> Segments, int Scope);
