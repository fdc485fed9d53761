namespace Troupe.Core.Http;

/// <summary>An address must not be called. The message says why, and how an administrator can allow it; trying again is of no use.</summary>
public sealed class OutgoingRefusedException(string message, Exception? cause = null) : InvalidOperationException(message, cause);
