namespace Troupe.Storage.Records;

/// <param name="Record">The record as it now is.</param>
/// <param name="Changed">Whether the change made a difference; if not, nothing was written and its events are dropped.</param>
internal readonly record struct ChangeResult<T>(T Record, bool Changed);
