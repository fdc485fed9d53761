using Troupe.Core.Access;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Launching;

/// <summary>The tokens with which other systems send a run's callbacks: one for each name, told once, stored as their hashes.</summary>
/// <param name="Texts">By the callback's name.</param>
/// <param name="Hashes">By the callback's name.</param>
internal sealed record CallbackTokens(IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, string> Hashes)
{
    /// <summary>Compared with where there is no token, so that the comparison tells nothing by its time.</summary>
    private static readonly string NoHash = new('0', 64);

    public static CallbackTokens Mint(Plan plan)
    {
        var (texts, hashes) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var name in plan.Nodes.Where(static node => node.Gate?.Type == GateType.Callback).Select(static node => node.Gate!.Callback!))
        {
            var (text, _, hash) = KeyText.Mint(KeyText.CallbackPrefix);
            (texts[name], hashes[name]) = (text, hash);
        }

        return new CallbackTokens(texts, hashes);
    }

    /// <summary>Whether the token is that of the run's callback; it takes as long whichever is missing or wrong.</summary>
    public static bool Opens(RunRecord? run, string name, string token) => KeyText.Matches(token, run?.CallbackTokens.GetValueOrDefault(name) ?? NoHash);
}
