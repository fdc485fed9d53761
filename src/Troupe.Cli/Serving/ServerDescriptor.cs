using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Troupe.Cli.Serving;

/// <summary>
/// Says in the data folder where its server listens, so that other commands find it. It is a hint, never proof: whoever reads it asks the
/// server before relying on it.
/// </summary>
internal sealed record ServerDescriptor(Uri Url, int Pid, DateTimeOffset StartedAt)
{
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2);

    public static ServerDescriptor? Read(DataFolder folder)
    {
        try
        {
            var found = JsonSerializer.Deserialize<ServerDescriptor>(File.ReadAllBytes(folder.DescriptorPath), JsonSerializerOptions.Web);
            return found?.Url is { IsAbsoluteUri: true, HostNameType: UriHostNameType.IPv4 or UriHostNameType.IPv6 or UriHostNameType.Dns, Scheme: "http" } url && (url.IsLoopback || url.HostNameType != UriHostNameType.Dns) ? found : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // None, or one that a dying server left half written: there is no server to be found here.
        }
    }

    /// <summary>Whether the server's process lives: one that got its number later began later.</summary>
    public bool IsAlive()
    {
        try
        {
            using var process = Process.GetProcessById(Pid);
            return process.StartTime.ToUniversalTime() <= StartedAt.UtcDateTime + ClockGrain;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false; // Gone, or of another user.
        }
    }

    /// <summary>Written beside and moved into place, so that no reader sees a part of it.</summary>
    public void Write(DataFolder folder)
    {
        var draft = $"{folder.DescriptorPath}.{Pid}";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web));
        File.Move(draft, folder.DescriptorPath, overwrite: true);
    }

    /// <summary>Removes the descriptor if it is still this server's.</summary>
    public void Remove(DataFolder folder)
    {
        if (Read(folder) == this)
            File.Delete(folder.DescriptorPath);
    }
}
