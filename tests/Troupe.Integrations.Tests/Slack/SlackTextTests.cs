using Troupe.Integrations.Slack;

namespace Troupe.Integrations.Tests.Slack;

public sealed class SlackTextTests
{
    [Theory]
    [InlineData("<!channel> & <https://evil|click>", "&lt;!channel&gt; &amp; &lt;https://evil|click&gt;")]
    [InlineData("&amp;", "&amp;amp;")]
    public void Escape_Markup_IsPlain(string text, string expected) => Assert.Equal(expected, SlackText.Escape(text));

    [Fact]
    public void Code_Backtick_StaysWithin() => Assert.Equal("`a' &lt;@U1&gt;`", SlackText.Code("a` <@U1>"));

    [Theory]
    [InlineData("run research topic=\"quantum sensors\" n:=3", "run|research|topic=quantum sensors|n:=3")]
    [InlineData(" run  x a=“two words” ", "run|x|a=two words")]
    [InlineData("run x a=\"\"", "run|x|a=")]
    [InlineData("run x \"open", "run|x|open")]
    [InlineData("", "")]
    public void Words_Text_AreSplitOutsideQuotes(string text, string expected) => Assert.Equal(expected, string.Join('|', SlackText.Words(text)));
}
