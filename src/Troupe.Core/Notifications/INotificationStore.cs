using Troupe.Core.Records;

namespace Troupe.Core.Notifications;

/// <summary>Each user's notifications.</summary>
public interface INotificationStore
{
    /// <summary>False where the user has one of that id; it is left as it is.</summary>
    Task<bool> TryAddAsync(NotificationRecord notification, CancellationToken cancellationToken);

    Task<NotificationRecord?> GetAsync(string user, string id, CancellationToken cancellationToken);

    /// <summary>Newest first, by id.</summary>
    Task<Page<NotificationRecord>> ListAsync(NotificationQuery query, CancellationToken cancellationToken);

    /// <summary>How many a user has not acknowledged; at most <see cref="NotificationQuery.MostCounted"/>.</summary>
    Task<int> CountUnreadAsync(string user, CancellationToken cancellationToken);

    /// <summary>Marks it read, and delivered where it was not. One that was read keeps its time. Null where there is none.</summary>
    Task<NotificationRecord?> AcknowledgeAsync(string user, string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Marks every unread one read up to that id, which need not be there; all where it is null.</summary>
    /// <returns>How many.</returns>
    Task<int> AcknowledgeUpToAsync(string user, string? id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Notes that a channel brought them to the user; those that were delivered keep their time.</summary>
    Task MarkDeliveredAsync(string user, IReadOnlyCollection<string> ids, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes what happened before that time, whoever it was for and read or not; at most <paramref name="limit"/>.</summary>
    /// <returns>How many; fewer than the limit where nothing is left.</returns>
    Task<int> DeleteBeforeAsync(DateTimeOffset time, int limit, CancellationToken cancellationToken);
}

/// <summary>Filters of a list of notifications; null matches all.</summary>
public sealed record NotificationQuery
{
    /// <summary>Counts stop there: 1,000.</summary>
    public const int MostCounted = 1_000;

    public required string User { get; init; }

    /// <summary>Only those not acknowledged.</summary>
    public bool Unread { get; init; }

    public NotificationType? Type { get; init; }

    public string? RunId { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>1 to 500, and as 500 where it is more; default 50.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>From the page before; null for the first.</summary>
    public string? Cursor { get; init; }
}
