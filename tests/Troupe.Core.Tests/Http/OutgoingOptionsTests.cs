using Troupe.Core.Http;

namespace Troupe.Core.Tests.Http;

public sealed class OutgoingOptionsTests
{
    private readonly OutgoingOptionsValidator _validator = new();

    [Fact]
    public void Validate_HostsAndNetworks_Pass() => Assert.True(_validator.Validate(null, new OutgoingOptions
    {
        AllowHosts = { "localhost", "*.example.org", "10.1.2.3", "[::1]" },
        AllowNetworks = { "10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8" },
    }).Succeeded);

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("localhost:8080")]
    [InlineData("*")]
    [InlineData("a b")]
    [InlineData("")]
    public void Validate_NoHost_IsNamed(string host) =>
        Assert.Contains($"AllowHosts holds '{host}'", _validator.Validate(null, new OutgoingOptions { AllowHosts = { host } }).FailureMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    [InlineData("127")]
    [InlineData("")]
    public void Validate_NoNetwork_IsNamed(string network) =>
        Assert.Contains($"AllowNetworks holds '{network}'", _validator.Validate(null, new OutgoingOptions { AllowNetworks = { network } }).FailureMessage, StringComparison.Ordinal);
}
