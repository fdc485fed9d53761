using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Json;
using Troupe.Core.Planning;

namespace Troupe.Core.Runs;

/// <summary>Plans read lately. A plan never changes, so its hash is its key.</summary>
public sealed class PlanCache(IArtifactStore artifacts)
{
    /// <summary>Begins every stored plan. Readers learn the hashes of plans, which hold the addresses that people gave.</summary>
    private const string Mark = "troupe-plan\n";

    private const int Capacity = 256;

    private readonly ConcurrentDictionary<string, Plan> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    /// <exception cref="InvalidDataException">The plan's artifact is gone.</exception>
    public async Task<Plan> GetAsync(ArtifactRef reference, CancellationToken cancellationToken)
    {
        if (_plans.TryGetValue(reference.Hash, out var plan))
            return plan;
        var text = await artifacts.ReadTextAsync(new Content { Artifact = reference }, cancellationToken);
        // Older plans have no mark.
        var json = text.StartsWith(Mark, StringComparison.Ordinal) ? text.AsSpan(Mark.Length) : text;
        plan = JsonSerializer.Deserialize<Plan>(json, TroupeJson.Options)
            ?? throw new InvalidDataException($"The artifact {reference.Hash} holds no plan.");
        Keep(reference.Hash, plan);
        return plan;
    }

    public async Task<ArtifactRef> PutAsync(Plan plan, CancellationToken cancellationToken)
    {
        var reference = await artifacts.PutTextAsync(Mark + JsonSerializer.Serialize(plan, TroupeJson.Options), "application/vnd.troupe.plan", cancellationToken);
        Keep(reference.Hash, plan);
        return reference;
    }

    /// <summary>Whether an artifact is a plan, by what it begins with.</summary>
    public async Task<bool> HoldsAsync(string hash, CancellationToken cancellationToken)
    {
        if (await artifacts.OpenAsync(hash, cancellationToken) is not { } content)
            return false;
        await using (content)
        {
            var beginning = new byte[Mark.Length];
            var length = await content.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken);
            return Encoding.ASCII.GetString(beginning, 0, length) == Mark;
        }
    }

    private void Keep(string hash, Plan plan)
    {
        if (!_plans.TryAdd(hash, plan))
            return;
        _order.Enqueue(hash);
        if (_plans.Count > Capacity && _order.TryDequeue(out var oldest))
            _plans.TryRemove(oldest, out _);
    }
}
