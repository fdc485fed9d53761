using Troupe.Core.Records;

namespace Troupe.Core.Notifications;

/// <summary>The preferences of each user.</summary>
public sealed class PreferenceBook(ISettingStore settings)
{
    private readonly SettingsOf<NotificationPreferences> _store = new(settings, "notification-preferences");

    /// <summary>The default where the user has said nothing.</summary>
    public async Task<NotificationPreferences> GetAsync(string user, CancellationToken cancellationToken) =>
        await _store.GetAsync(user, cancellationToken) ?? NotificationPreferences.Default;

    public async Task PutAsync(string user, NotificationPreferences preferences, CancellationToken cancellationToken)
    {
        while (await _store.UpdateAsync(user, _ => preferences, cancellationToken) is null
            && !await _store.TryAddAsync(user, preferences, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
