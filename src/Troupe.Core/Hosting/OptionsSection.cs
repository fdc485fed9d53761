namespace Troupe.Core.Hosting;

/// <summary>A section of the configuration, for example <c>Troupe:Webhooks</c>, and the class that its keys are bound to. A host names keys that none has.</summary>
public sealed record OptionsSection(string Path, Type Options);
