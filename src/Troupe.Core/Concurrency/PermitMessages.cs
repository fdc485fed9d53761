using Troupe.Durable;

namespace Troupe.Core.Concurrency;

/// <summary>What an orchestrator asks a gate for, once or again.</summary>
/// <param name="Holder">The instance that asks. It has one permit at a time: a request for the next one gives the one before back.</param>
/// <param name="Number">Which of its permits: the same however often it is asked for.</param>
/// <param name="Key">Calls with one key share the limit.</param>
/// <param name="Priority">Higher ones are granted first; waiting raises it.</param>
public sealed record PermitAsk(string Holder, int Number, string Key, ActivityPriority Priority);

/// <summary>A permit that is not needed any more, also where it was not granted yet.</summary>
public sealed record ReturnedPermit(string Holder, int Number);

/// <summary>A permit that is held or waited for.</summary>
/// <param name="Place">Its place in line: the earlier, the sooner.</param>
/// <param name="CheckAt">When its holder is next looked for; null while it waits.</param>
public sealed record Permit(string Holder, int Number, string Key, DateTime Place, DateTime? CheckAt = null);

/// <summary>What a gate knows, from one execution to the next.</summary>
/// <param name="Limit">Permits of one key that are held at the same time.</param>
/// <param name="Permits">Held ones and waiting ones, these in their order.</param>
public sealed record PermitBookState(int Limit, IReadOnlyList<Permit> Permits);

/// <summary>A gate's custom status.</summary>
public sealed record PermitCount(int Limit, int Held, int Waiting);
