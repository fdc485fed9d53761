using System.Net;
using Troupe.Core.Http;

namespace Troupe.Core.Tests.Http;

public sealed class SpecialNetworksTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("93.184.215.14")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void NameOf_Public_IsNull(string address) => Assert.Null(SpecialNetworks.NameOf(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.1.2.3", "unspecified")]
    [InlineData("100.127.255.255", "carrier-grade NAT")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("169.254.0.1", "link-local")]
    [InlineData("192.0.0.192", "reserved")]
    [InlineData("198.19.255.255", "benchmarking")]
    [InlineData("203.0.113.7", "documentation")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("::ffff:169.254.169.254", "link-local")]
    [InlineData("64:ff9b::a00:1", "private")]
    [InlineData("fe80::1%3", "link-local")]
    [InlineData("fdff::1", "private")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("100::1", "reserved")]
    [InlineData("4000::1", "reserved")]
    public void NameOf_Special_SaysWhich(string address, string name) => Assert.Equal(name, SpecialNetworks.NameOf(IPAddress.Parse(address)));
}
