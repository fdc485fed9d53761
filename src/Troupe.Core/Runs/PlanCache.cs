using System.Collections.Concurrent;
using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Json;
using Troupe.Core.Planning;

namespace Troupe.Core.Runs;

/// <summary>Plans read lately. A plan never changes, so its hash is its key.</summary>
public sealed class PlanCache(IArtifactStore artifacts)
{
    private const int Capacity = 256;

    private readonly ConcurrentDictionary<string, Plan> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    /// <exception cref="InvalidDataException">The plan's artifact is gone.</exception>
    public async Task<Plan> GetAsync(ArtifactRef reference, CancellationToken cancellationToken)
    {
        if (_plans.TryGetValue(reference.Hash, out var plan))
            return plan;
        var text = await artifacts.ReadTextAsync(new Content { Artifact = reference }, cancellationToken);
        plan = JsonSerializer.Deserialize<Plan>(text, TroupeJson.Options)
            ?? throw new InvalidDataException($"The artifact {reference.Hash} holds no plan.");
        Keep(reference.Hash, plan);
        return plan;
    }

    public async Task<ArtifactRef> PutAsync(Plan plan, CancellationToken cancellationToken)
    {
        var reference = await artifacts.PutTextAsync(JsonSerializer.Serialize(plan, TroupeJson.Options), "application/json", cancellationToken);
        Keep(reference.Hash, plan);
        return reference;
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
