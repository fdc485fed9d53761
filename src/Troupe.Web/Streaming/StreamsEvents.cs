namespace Troupe.Web.Streaming;

/// <summary>Marks an endpoint that streams events.</summary>
internal sealed record StreamsEvents;
