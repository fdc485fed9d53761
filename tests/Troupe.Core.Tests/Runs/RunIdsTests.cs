using Troupe.Core.Runs;

namespace Troupe.Core.Tests.Runs;

public sealed class RunIdsTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("Nightly_2026-11-20.1", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a:b", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData("ä", false)]
    public void IsValid_Id_SaysSo(string id, bool valid) => Assert.Equal(valid, RunIds.IsValid(id));

    [Fact]
    public void IsValid_SixtyFiveCharacters_IsFalse()
    {
        Assert.True(RunIds.IsValid(new string('a', 64)));
        Assert.False(RunIds.IsValid(new string('a', 65)));
    }

    [Fact]
    public void Child_ShortKey_IsReadable() => Assert.Equal("run:task.3", RunIds.Child("run", RunIds.ItemKey("task", 3)));

    [Fact]
    public void Child_LongKeys_AreShortenedAndStayApart()
    {
        var a = RunIds.Child("run", new string('k', 300) + "a");
        var b = RunIds.Child("run", new string('k', 300) + "b");
        Assert.Equal(200, a.Length);
        Assert.NotEqual(a, b);
        Assert.Equal("run", RunIds.RunOf(a));
    }

    [Fact]
    public void New_LaterTime_SortsLater()
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.True(string.CompareOrdinal(RunIds.New(time), RunIds.New(time.AddSeconds(1))) < 0);
    }

    [Theory]
    [InlineData("report.md", true)]
    [InlineData("a/b/c.txt", true)]
    [InlineData("/etc/passwd", false)]
    [InlineData("../x", false)]
    [InlineData("a/../../x", false)]
    [InlineData("a\\b", false)]
    [InlineData("c:x", false)]
    [InlineData("a//b", false)]
    [InlineData("a\0b", false)]
    [InlineData("", false)]
    public void TaskPath_IsValid_OnlyInsideTheTask(string path, bool valid) => Assert.Equal(valid, TaskPaths.IsValid(path));
}
