namespace Troupe.Web.Access;

/// <summary>Marks an endpoint whose callers show a signature instead of a key; its handler checks it.</summary>
internal sealed record SignedBy(string Name);
