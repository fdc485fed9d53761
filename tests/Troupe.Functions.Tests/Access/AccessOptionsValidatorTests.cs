using Microsoft.Extensions.Configuration;
using Troupe.Core.Access;
using Troupe.Functions.Access;

namespace Troupe.Functions.Tests.Access;

public sealed class AccessOptionsValidatorTests
{
    [Fact]
    public void Validate_NothingSwitchedOn_FailsTheStart() =>
        Assert.Contains("Troupe:Access:EntraId is false", Problem(new AccessOptions()), StringComparison.Ordinal);

    [Fact]
    public void Validate_FirstKeyAlone_IsEnough() => Assert.Empty(Problem(new AccessOptions { FirstKey = KeyDigest.Mint().Digest.ToString() }));

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("abc:0123")]
    public void Validate_FirstKeyOfAnotherForm_FailsWithoutRepeatingIt(string value)
    {
        var problem = Problem(new AccessOptions { FirstKey = value });

        Assert.Contains("Troupe:Access:FirstKey is no digest", problem, StringComparison.Ordinal);
        Assert.True(value.Length == 0 || !problem.Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_KeyInsteadOfItsDigest_FailsAndSaysThatItWasSeen()
    {
        var (key, _) = KeyDigest.Mint();

        var problem = Problem(new AccessOptions { FirstKey = key });

        Assert.Contains("make a new one", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(key, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BothSwitchedOn_Fails() =>
        Assert.Contains("choose one", Problem(new AccessOptions { EntraId = true, Local = true }), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, false)]
    [InlineData("False", false)]
    [InlineData("True", true)]
    public void Validate_EntraId_NeedsThePlatformsAuthentication(string? enabled, bool good) =>
        Assert.Equal(good, Problem(new AccessOptions { EntraId = true }, ("WEBSITE_AUTH_ENABLED", enabled)).Length == 0);

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Development", "0123", false)]
    [InlineData("Production", null, false)]
    [InlineData(null, null, false)]
    public void Validate_Local_IsForADevelopersMachine(string? environment, string? instance, bool good) =>
        Assert.Equal(good, Problem(new AccessOptions { Local = true }, ("AZURE_FUNCTIONS_ENVIRONMENT", environment), ("WEBSITE_INSTANCE_ID", instance)).Length == 0);

    [Theory]
    [InlineData("Owner", "x")]
    [InlineData("All", "x")]
    [InlineData("Reader", " ")]
    public void Validate_AppRoles_AreOfKnownRoles(string role, string appRole)
    {
        var options = new AccessOptions { EntraId = true, AppRoles = { [role] = appRole } };

        Assert.Contains($"AppRoles:{role}", Problem(options, ("WEBSITE_AUTH_ENABLED", "True")), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EmptyUserClaim_Fails() =>
        Assert.Contains("UserClaim", Problem(new AccessOptions { EntraId = true, UserClaim = "" }, ("WEBSITE_AUTH_ENABLED", "True")), StringComparison.Ordinal);

    private static string Problem(AccessOptions options, params (string Key, string? Value)[] environment)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(environment.ToDictionary(static entry => entry.Key, static entry => entry.Value)).Build();
        return new AccessOptionsValidator(configuration).Validate(null, options).FailureMessage ?? "";
    }
}
