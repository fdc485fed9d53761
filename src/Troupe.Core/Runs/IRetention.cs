namespace Troupe.Core.Runs;

/// <summary>Deletes what is kept no longer. The keeper calls it at start-up and every quarter of an hour.</summary>
public interface IRetention
{
    /// <summary>Deletes all that is too old now.</summary>
    Task SweepAsync(CancellationToken cancellationToken);
}
