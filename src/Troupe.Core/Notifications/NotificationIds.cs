using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications;

/// <summary>Ids of notifications: 16 hexadecimal digits of the time, then 16 that tell those of one instant apart.</summary>
public static class NotificationIds
{
    public const int Length = 32;

    /// <summary>The same for the same event and user, so that telling of it twice makes one notification.</summary>
    public static string Of(RunEvent told, string user)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{told.RunId}\n{told.Sequence}\n{user}")));
        return Begin(told.Time) + Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    /// <summary>What the ids of that time begin with; every id of a later time sorts behind it.</summary>
    public static string Begin(DateTimeOffset time) => time.UtcTicks.ToString("x16", CultureInfo.InvariantCulture);

    public static bool IsId(string text) => text.Length == Length && text.All(static digit => char.IsAsciiDigit(digit) || digit is >= 'a' and <= 'f');
}
