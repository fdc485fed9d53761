using Azure;
using Azure.Data.Tables;
using Troupe.Functions.Storage.Tables;
using Troupe.Testing;

namespace Troupe.Functions.Tests.Storage;

public sealed class LastSeenTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly LastSeen _seen;

    public LastSeenTests() => _seen = new LastSeen(_time);

    [Fact]
    public void Recall_RowThatWasWritten_IsACopyOfIt()
    {
        _seen.Wrote(Row("1"));

        var first = _seen.Recall("p", "r")!;
        first["Json"] = "changed";
        var second = _seen.Recall("p", "r")!;

        Assert.Equal((new ETag("1"), "json"), (second.ETag, second.GetString("Json")));
        Assert.Null(_seen.Recall("p", "other"));
        Assert.Null(_seen.Recall("other", "r"));
    }

    [Fact]
    public void Wrote_WithoutATag_ForgetsTheRow()
    {
        _seen.Wrote(Row("1"));
        _seen.Wrote(Row(tag: null));

        Assert.Null(_seen.Recall("p", "r"));
    }

    [Fact]
    public void Wrote_LargeRow_IsReadNextTime()
    {
        _seen.Wrote(Row("1"));
        _seen.Wrote(Row("2", new string('x', 100_000)));

        Assert.Null(_seen.Recall("p", "r"));
    }

    [Fact]
    public void Read_AsItWasWritten_IsRecalled()
    {
        _seen.Wrote(Row("1"));
        _seen.Read(Row("1"));

        Assert.NotNull(_seen.Recall("p", "r"));
    }

    [Fact]
    public void Read_ChangedByAnother_NothingIsRecalledForAMinute()
    {
        _seen.Wrote(Row("1"));
        _seen.Wrote(new TableEntity("p", "second") { ETag = new ETag("1") });
        _seen.Read(Row("2"));
        _seen.Wrote(Row("3"));

        Assert.Equal((null, null), (_seen.Recall("p", "r"), _seen.Recall("p", "second")));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(_seen.Recall("p", "second"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new ETag("3"), _seen.Recall("p", "r")!.ETag);
        Assert.NotNull(_seen.Recall("p", "second"));
    }

    [Fact]
    public void Read_ChangedByAnotherAgain_ExtendsTheMinute()
    {
        _seen.Wrote(Row("1"));
        _seen.Read(Row("2"));
        _seen.Wrote(Row("3"));
        _time.Advance(TimeSpan.FromSeconds(50));
        _seen.Read(Row("4"));
        _seen.Wrote(Row("5"));
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Null(_seen.Recall("p", "r"));
    }

    private static TableEntity Row(string? tag, string json = "json")
    {
        var row = new TableEntity("p", "r") { ["Json"] = json };
        if (tag is not null) row.ETag = new ETag(tag);
        return row;
    }
}
