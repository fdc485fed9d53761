using System.Globalization;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IRunStore.ListRunsAsync"/>: filters and pages, newest first.</summary>
public abstract class RunListContract : StoreContract
{
    private static readonly string[] Users = ["ada", "bob"];
    private static readonly string[] Names = ["deploy", "research", "review-pr"];
    private static readonly WorkStatus[] Statuses = Enum.GetValues<WorkStatus>();

    public static TheoryData<string> Filters => new(Queries.Keys);

    private static Dictionary<string, RunQuery> Queries { get; } = new(StringComparer.Ordinal)
    {
        ["all"] = new(),
        ["no status in particular"] = new() { Statuses = [] },
        ["one status"] = new() { Statuses = [WorkStatus.Failed] },
        ["several statuses"] = new() { Statuses = [WorkStatus.Completed, WorkStatus.Queued, WorkStatus.Failed, WorkStatus.Queued] },
        ["tag"] = new() { Tag = "even" },
        ["name"] = new() { Name = "research" },
        ["user"] = new() { User = "bob" },
        ["from"] = new() { CreatedFrom = At(30) },
        ["to"] = new() { CreatedTo = At(30) },
        ["from and to"] = new() { CreatedFrom = At(20), CreatedTo = At(20) },
        ["status and user"] = new() { Statuses = [WorkStatus.Running, WorkStatus.Paused], User = "ada" },
        ["status, name and time"] = new() { Statuses = [WorkStatus.Completed], Name = "deploy", CreatedTo = At(40) },
        ["tag and status"] = new() { Tag = "even", Statuses = [WorkStatus.Queued, WorkStatus.Running] },
        ["user and name"] = new() { User = "ada", Name = "review-pr" },
        ["everything"] = new()
        {
            Tag = "even",
            Statuses = [WorkStatus.Queued, WorkStatus.Running, WorkStatus.Completed],
            User = "ada",
            Name = "deploy",
            CreatedFrom = At(1),
            CreatedTo = At(59),
        },
        ["nothing"] = new() { User = "nobody" },
    };

    private IRunStore Runs => Stores.Runs;

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task ListRunsAsync_Filter_FindsWhatMatchesNewestFirstInPagesOfAnySize(string filter)
    {
        var expected = (await CreateManyAsync()).Where(run => Matches(run, Queries[filter])).ToList();

        foreach (var limit in new[] { 1, 7, 500 })
        {
            var found = await AllAsync(Queries[filter] with { Limit = limit });

            Assert.Equal(expected.Select(static run => run.Id).Order(StringComparer.Ordinal), found.Select(static run => run.Id).Order(StringComparer.Ordinal));
            Assert.Equal(found.Select(static run => run.CreatedAt).OrderDescending(), found.Select(static run => run.CreatedAt));
        }
    }

    [Fact]
    public async Task ListRunsAsync_Empty_HasNoCursor()
    {
        var page = await Runs.ListRunsAsync(new RunQuery(), default);

        Assert.Empty(page.Items);
        Assert.Null(page.Cursor);
    }

    [Fact]
    public async Task ListRunsAsync_ByDefault_GivesFifty()
    {
        await CreateManyAsync();

        var page = await Runs.ListRunsAsync(new RunQuery(), default);

        Assert.InRange(page.Items.Count, 1, 50);
        Assert.NotNull(page.Cursor);
    }

    [Fact]
    public async Task ListRunsAsync_WhileRunsAreAdded_RepeatsNoneAndMissesNoneOfTheOlder()
    {
        var before = await CreateManyAsync();
        var found = new List<string>();
        string? cursor = null;
        var added = 0;
        do
        {
            var page = await Runs.ListRunsAsync(new RunQuery { Limit = 9, Cursor = cursor }, default);
            found.AddRange(page.Items.Select(static run => run.Id));
            cursor = page.Cursor;
            await CreateAsync(SampleRecords.Run($"late-{added}", At(1_000 + added++)));
        }
        while (cursor is not null);

        Assert.Equal(found.Distinct(StringComparer.Ordinal), found);
        Assert.Empty(before.Select(static run => run.Id).Except(found, StringComparer.Ordinal));
    }

    [Fact]
    public async Task ListRunsAsync_AnotherCreatedMeanwhileAtOnce_PagesStayWhole()
    {
        var before = await CreateManyAsync();
        var writing = Task.WhenAll(Enumerable.Range(0, 60).Select(n => Task.Run(() => CreateAsync(SampleRecords.Run($"late-{n}", At(1_000 + n))))));

        var found = (await AllAsync(new RunQuery { Limit = 4 })).ConvertAll(static run => run.Id);
        await writing;

        Assert.Equal(found.Distinct(StringComparer.Ordinal), found);
        Assert.Empty(before.Select(static run => run.Id).Except(found, StringComparer.Ordinal));
    }

    [Fact]
    public async Task ListRunsAsync_LimitAboveTheMost_GivesAtMostFiveHundred()
    {
        await Task.WhenAll(Enumerable.Range(0, 520).Select(n => CreateAsync(SampleRecords.Run($"r{n}", At(n)))));

        var page = await Runs.ListRunsAsync(new RunQuery { Limit = int.MaxValue }, default);

        Assert.InRange(page.Items.Count, 1, 500);
        Assert.Equal(520, (await AllAsync(new RunQuery { Limit = int.MaxValue })).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task ListRunsAsync_LimitBelowOne_IsRefused(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Runs.ListRunsAsync(new RunQuery { Limit = limit }, default));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1")]
    [InlineData("!!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR 1=1 --")]
    [InlineData("🎭🎭🎭🎭")]
    public async Task ListRunsAsync_CursorThatNoPageGave_IsRefused(string cursor) =>
        await Assert.ThrowsAsync<InvalidCursorException>(() => Runs.ListRunsAsync(new RunQuery { Cursor = cursor }, default));

    [Fact]
    public async Task ListRunsAsync_CursorOfAnotherList_IsRefused()
    {
        await Runs.TryCreateAsync(
            SampleRecords.Launch(SampleRecords.Run("r"), SampleRecords.Task("r", "a"), SampleRecords.Task("r", "b", 1)), default);
        var tasks = await Runs.ListTasksAsync("r", 1, null, default);

        await Assert.ThrowsAsync<InvalidCursorException>(() => Runs.ListRunsAsync(new RunQuery { Cursor = tasks.Cursor }, default));
    }

    [Fact]
    public async Task ListRunsAsync_Cursor_FitsIntoAUrl()
    {
        await CreateManyAsync();

        var page = await Runs.ListRunsAsync(new RunQuery { Limit = 1 }, default);

        Assert.Matches("^[A-Za-z0-9_-]{1,512}$", page.Cursor);
    }

    private static DateTimeOffset At(int minutes) => SampleRecords.Start.AddMinutes(minutes);

    /// <summary>Five runs share each creation time.</summary>
    private async Task<List<RunRecord>> CreateManyAsync()
    {
        var runs = Enumerable.Range(0, 300).Select(static n =>
            SampleRecords.Run(n.ToString("d3", CultureInfo.InvariantCulture), At(n / 5), n % 2 == 0 ? ["even", "any"] : ["any"]) with
            {
                User = Users[n / 3 % 2],
                Name = Names[n % 3],
                Status = Statuses[n / 2 % Statuses.Length],
            }).ToList();
        await Task.WhenAll(runs.Select(CreateAsync));
        return runs;
    }

    private static bool Matches(RunRecord run, RunQuery query) =>
        (query.Statuses is null or { Count: 0 } || query.Statuses.Contains(run.Status))
        && (query.Tag is null || run.Tags.Contains(query.Tag, StringComparer.Ordinal))
        && (query.Name is null || run.Name == query.Name)
        && (query.User is null || run.User == query.User)
        && (query.CreatedFrom is null || run.CreatedAt >= query.CreatedFrom)
        && (query.CreatedTo is null || run.CreatedAt <= query.CreatedTo);

    private async Task<List<RunRecord>> AllAsync(RunQuery query)
    {
        var runs = new List<RunRecord>();
        do
        {
            var page = await Runs.ListRunsAsync(query, default);
            Assert.InRange(page.Items.Count, 0, query.Limit);
            runs.AddRange(page.Items);
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return runs;
    }

    private Task CreateAsync(RunRecord run) => Runs.TryCreateAsync(SampleRecords.Launch(run), default);
}
