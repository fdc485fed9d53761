using Troupe.Agents.Files;

namespace Troupe.Agents.Tests.Files;

public sealed class CommaTextTests
{
    [Theory]
    [InlineData("claude -p --model 'a b'", "claude|-p|--model|a b")]
    [InlineData("  run  \"it's\"  ", "run|it's")]
    [InlineData("a'b'c \"\"", "abc|")]
    [InlineData("echo $HOME; rm -rf / | cat", "echo|$HOME;|rm|-rf|/|[pipe]|cat")]
    [InlineData("", "")]
    public void Words_CutsAtBlanksOutsideQuotes(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', CommaText.Words(text).Select(word => word == "|" ? "[pipe]" : word)));

    [Theory]
    [InlineData("a, b ,,c", "a|b|c")]
    [InlineData("[a, 'b']", "a|b")]
    [InlineData("- a\n- b", "a|b")]
    [InlineData("Bash(x, y(z, 1)), Read)", "Bash(x, y(z, 1))|Read)")]
    public void Split_CutsAtCommasOutsideParentheses(string text, string expected) => Assert.Equal(expected, string.Join('|', CommaText.Split(text)));
}
