using System.Text.Json;

namespace Troupe.Core.Approvals;

/// <summary>What an approver wants changed of what runs after the gate.</summary>
/// <param name="Prompts">New prompts by task key; templates where the old ones were.</param>
/// <param name="Inputs">An object of inputs that replace the run's.</param>
public sealed record WantedEdits(IReadOnlyDictionary<string, string>? Prompts = null, JsonElement? Inputs = null);
