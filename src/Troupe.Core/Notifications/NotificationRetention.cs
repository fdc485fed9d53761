using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Troupe.Core.Runs;

namespace Troupe.Core.Notifications;

/// <summary>Deletes notifications that are older than they are kept.</summary>
public sealed partial class NotificationRetention(
    INotificationStore notifications, IOptions<NotificationOptions> options, TimeProvider time, ILogger<NotificationRetention> logger) : IRetention
{
    /// <summary>Deleted in one go; what is more waits for its turn behind other writers.</summary>
    public const int AtOnce = 1_000;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.Retention;
        int deleted, sum = 0;
        do
        {
            deleted = await notifications.DeleteBeforeAsync(before, AtOnce, cancellationToken);
            sum += deleted;
        }
        while (deleted == AtOnce);
        if (sum > 0)
            LogDeleted(logger, sum, before);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} notifications from before {Time} were deleted")]
    private static partial void LogDeleted(ILogger logger, int count, DateTimeOffset time);
}
