namespace Troupe.Durable.Tests;

public sealed class LimitTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("run:task.1")]
    public void InstanceId_Legal_IsReturned(string id) => Assert.Equal(id, InstanceIds.Check(id));

    [Theory]
    [InlineData("")]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    public void InstanceId_Illegal_IsRefused(string id) => Assert.Throws<ArgumentException>(() => InstanceIds.Check(id));

    [Fact]
    public void InstanceId_OfTheGreatestLength_IsTheLastThatPasses()
    {
        Assert.Equal(InstanceIds.MaxLength, InstanceIds.Check(new string('a', InstanceIds.MaxLength)).Length);
        Assert.Throws<ArgumentException>(() => InstanceIds.Check(new string('a', InstanceIds.MaxLength + 1)));
    }

    [Fact]
    public void CustomStatus_IsMeasuredAsUtf16()
    {
        CustomStatusLimit.Check(null);
        CustomStatusLimit.Check(new string('a', CustomStatusLimit.MaxBytes / 2));
        var refused = Assert.Throws<ArgumentException>(() => CustomStatusLimit.Check(new string('a', (CustomStatusLimit.MaxBytes / 2) + 1)));
        Assert.Contains("16,386", refused.Message, StringComparison.Ordinal);
    }
}
