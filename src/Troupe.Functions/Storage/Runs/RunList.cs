using Troupe.Core.Records;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>Pages of runs: one filter chooses the lists, the others are checked on the runs that these lead to.</summary>
internal sealed class RunList(RunTable runs, PointerTable pointers)
{
    private readonly RecordList<RunRecord> _list = new(pointers, runs.GetAsync, RunPointers.Of, kind: 'r');

    public Task<Page<RunRecord>> ReadAsync(RunQuery query, CancellationToken cancellationToken) => _list.ReadAsync(
        Lists(query),
        RunPointers.Created(query.CreatedFrom, query.CreatedTo),
        run => Matches(run, query),
        query.Limit,
        query.Cursor,
        cancellationToken);

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<RunRecord>> UnobeyedAsync(int limit, CancellationToken cancellationToken) =>
        (await _list.ReadAsync([RunPointers.Unobeyed], KeyRange.All, static _ => true, limit, cursor: null, cancellationToken)).Items;

    /// <summary>What leaves fewest to check comes first: tags are chosen by people, and most runs are of few users and names.</summary>
    private static IReadOnlyCollection<string> Lists(RunQuery query) => query switch
    {
        { Tag: { } tag } => [RunPointers.OfTag(tag)],
        { Statuses: { Count: > 0 } statuses } => [.. statuses.Distinct().Select(RunPointers.OfStatus)],
        { Name: { } name } => [RunPointers.OfName(name)],
        { User: { } user } => [RunPointers.OfUser(user)],
        _ => [RunPointers.All],
    };

    /// <summary>Lists are named by keys, which two long names may share in theory; so what chose the list is checked, too.</summary>
    private static bool Matches(RunRecord run, RunQuery query) =>
        (query.Statuses is not { Count: > 0 } statuses || statuses.Contains(run.Status))
        && (query.Tag is null || run.Tags.Contains(query.Tag, StringComparer.Ordinal))
        && (query.Name is null || run.Name == query.Name)
        && (query.User is null || run.User == query.User);
}
