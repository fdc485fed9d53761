using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal static class MemoryChange
{
    /// <summary>The changed record, or null where nothing is to happen.</summary>
    public static T? Apply<T>(T stored, long revision, Change<T> change)
        where T : class
    {
        if (change.Revision <= revision) return null;
        var changed = change.Apply(stored);
        return change.Revision is null && AreEqual(stored, changed) ? null : changed;
    }

    public static void CheckKept<T>(string id, T before, T after)
        where T : struct
    {
        if (!EqualityComparer<T>.Default.Equals(before, after))
            throw new InvalidOperationException($"A change of '{id}' turned {before} into {after}.");
    }

    private static bool AreEqual<T>(T one, T other)
        where T : class =>
        ReferenceEquals(one, other) || JsonSerializer.Serialize(one, TroupeJson.Options) == JsonSerializer.Serialize(other, TroupeJson.Options);
}
