namespace Troupe.Engine.Storage;

/// <summary>Something stored of one instance cannot be understood: it is damaged, or a newer release wrote it.</summary>
internal sealed class UnreadableRecordException(string what, Exception innerException) : Exception(
    $"{what} cannot be read: {innerException.Message} Restore a backup or run the release that wrote it, or terminate the instance.", innerException);
