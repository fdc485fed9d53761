using System.Security.Cryptography;
using System.Text;

namespace Troupe.Core.Definitions;

/// <summary>Names a text by its content.</summary>
public static class ContentVersion
{
    /// <summary>The first 16 hex digits of its SHA-256.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
