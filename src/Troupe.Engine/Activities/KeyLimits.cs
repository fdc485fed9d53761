namespace Troupe.Engine.Activities;

/// <summary>How many activities of a concurrency key may run at once, by the options.</summary>
internal sealed class KeyLimits(EngineOptions options)
{
    /// <summary>The key's own limit, else that of its family, else what holds for all; null for none.</summary>
    public int? Of(string key) =>
        options.ConcurrencyKeyLimits.TryGetValue(key, out var limit) || options.ConcurrencyKeyLimits.TryGetValue(FamilyOf(key), out limit)
            ? limit
            : options.DefaultConcurrencyKeyLimit;

    /// <summary><c>name/*</c> for a key that begins with <c>name/</c>; a key without a slash is its own family.</summary>
    public static string FamilyOf(string key) =>
        key.LastIndexOf('/') is > 0 and var slash ? string.Concat(key.AsSpan(0, slash + 1), "*") : key;
}
