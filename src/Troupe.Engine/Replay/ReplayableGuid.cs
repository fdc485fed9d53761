using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Engine.Replay;

/// <summary>GUIDs that depend on nothing but the execution and how many it has drawn.</summary>
internal static class ReplayableGuid
{
    public static Guid Create(ExecutionIdentity identity, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{identity.InstanceId}\n{identity.Execution}\n{number}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
