namespace Troupe.Core.Templates;

/// <summary>A template or a path that cannot be rendered or resolved; the message names the place and the remedy. Trying again does not help.</summary>
public sealed class TemplateException(string message, Exception? inner = null) : Exception(message, inner);
