namespace Troupe.Engine.Storage;

/// <summary>The instance, or a message that the step consumed, is no longer as the step found it. Load it again and take the step anew.</summary>
internal sealed class StaleStepException(string instanceId)
    : Exception($"The stored state of the orchestration instance '{instanceId}' has changed under a step.");
