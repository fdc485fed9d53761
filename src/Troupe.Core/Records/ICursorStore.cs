namespace Troupe.Core.Records;

/// <summary>How far readers of the event log have come.</summary>
public interface ICursorStore
{
    /// <summary>0 for a reader that is not known.</summary>
    Task<long> GetAsync(string reader, CancellationToken cancellationToken);

    /// <summary>Moves a reader on. A position before the stored one changes nothing.</summary>
    Task AdvanceAsync(string reader, long position, CancellationToken cancellationToken);
}
