using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

/// <summary>Makes keys as an administrator does and sends requests with them.</summary>
internal static class TestKeys
{
    public static async Task<(string Id, string Text)> KeyAsync(
        this TestApp app, Roles roles, string owner = "ada", TimeSpan? expires = null, params IReadOnlyList<string> groups)
    {
        var (key, text) = await app.Services.GetRequiredService<KeyRing>().CreateAsync(
            new NewKey { Name = "test", Roles = roles, Owner = owner, Groups = groups, Expires = expires }, new Caller("root"), default);
        return (key.Id, text);
    }

    public static (string Name, string Value) Bearer(string key) => ("Authorization", $"Bearer {key}");

    /// <summary>Another text of the same form.</summary>
    public static string Forge(string key) => key[..^1] + (key[^1] == 'a' ? 'b' : 'a');
}
