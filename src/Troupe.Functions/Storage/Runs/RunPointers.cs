using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Runs;

/// <summary>The lists that a run stands in, newest first but for the one of unobeyed commands.</summary>
internal static class RunPointers
{
    public const string All = "runs";

    public const string Unobeyed = "runs:unobeyed";

    public static string OfStatus(WorkStatus status) => $"runs:status:{EnumWords<WorkStatus>.Write(status)}";

    public static string OfUser(string user) => $"runs:user:{EntityKey.Of(user)}";

    public static string OfName(string name) => $"runs:name:{EntityKey.Of(name)}";

    public static string OfTag(string tag) => $"runs:tag:{EntityKey.Of(tag)}";

    public static IReadOnlyCollection<Pointer> Of(RunRecord run)
    {
        var id = EntityKey.Of(run.Id);
        var place = $"{EntityKey.NewestFirst(run.CreatedAt)}:{id}";
        var lists = run.Tags.Select(OfTag).Distinct(StringComparer.Ordinal).Concat([All, OfStatus(run.Status), OfUser(run.User), OfName(run.Name)]);
        var pointers = lists.Select(list => new Pointer(list, place));
        return [.. run.IsUnobeyed ? pointers.Append(new Pointer(Unobeyed, $"{EntityKey.OldestFirst(run.CreatedAt)}:{id}")) : pointers];
    }

    /// <summary>The places of runs created within a time, both ends included.</summary>
    public static KeyRange Created(DateTimeOffset? from, DateTimeOffset? to) => new(
        to is { } newest ? EntityKey.NewestFirst(newest) : "",
        from is { } oldest ? $"{EntityKey.NewestFirst(oldest)};" : null);
}
