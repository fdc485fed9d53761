namespace Troupe.Core.Http;

/// <summary>
/// What may be called at addresses that users give: the section <c>Troupe:Outgoing</c> of the configuration. Public addresses always may;
/// private, loopback, link-local and other special ones only where they are listed here.
/// </summary>
public sealed class OutgoingOptions
{
    public const string Section = "Troupe:Outgoing";

    /// <summary>Host names that may be called whatever their addresses are, or <c>*.example.org</c> for every name below one. Default none.</summary>
    public IList<string> AllowHosts { get; } = [];

    /// <summary>Networks that may be called, such as <c>10.1.0.0/16</c>, or single addresses. Default none.</summary>
    public IList<string> AllowNetworks { get; } = [];
}
