using System.Globalization;
using System.Text;
using Troupe.Core.Slack;
using Troupe.Integrations.Slack;
using Troupe.Testing;

namespace Troupe.Integrations.Tests.Slack;

public sealed class SlackSignatureTests
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";

    private readonly ManualTimeProvider _time = new();
    private readonly SlackSignature _signature;

    public SlackSignatureTests() => _signature = new SlackSignature(_time);

    [Fact]
    public void Sign_ExampleOfSlacksDocumentation_IsTheirs()
    {
        const string body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

        Assert.Equal(
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            SlackSignature.Sign(Secret, "1531420618", Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void Accept_SameRequestTwice_IsRefusedTheSecondTime()
    {
        var request = Signed("a=1", _time.GetUtcNow());
        Assert.True(_signature.Accept(Secret, request));
        Assert.False(_signature.Accept(Secret, request));
        _time.Advance(SlackSignature.Window);
        Assert.False(_signature.Accept(Secret, request));
        Assert.True(_signature.Accept(Secret, Signed("a=1", _time.GetUtcNow())));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void Accept_TimeOutsideTheWindow_IsRefused(int seconds, bool accepted) =>
        Assert.Equal(accepted, _signature.Accept(Secret, Signed("a=1", _time.GetUtcNow().AddSeconds(seconds))));

    [Fact]
    public void Accept_Changed_IsRefused()
    {
        var request = Signed("text=status", _time.GetUtcNow());
        Assert.False(_signature.Accept(Secret, request with { Body = Encoding.UTF8.GetBytes("text=run deploy") }));
        Assert.False(_signature.Accept(Secret, request with { Timestamp = request.Timestamp + "0" }));
        Assert.False(_signature.Accept(Secret, request with { Timestamp = "+" + request.Timestamp }));
        Assert.False(_signature.Accept(Secret, request with { Timestamp = null }));
        Assert.False(_signature.Accept(Secret, request with { Signature = null }));
        Assert.False(_signature.Accept(Secret, request with { Signature = request.Signature!.ToUpperInvariant() }));
        Assert.False(_signature.Accept(Secret, request with { Signature = request.Signature![..^1] }));
        Assert.False(_signature.Accept("another-secret-of-somebody", request));
        Assert.True(_signature.Accept(Secret, request));
    }

    private static SlackRequest Signed(string body, DateTimeOffset at)
    {
        var stamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes(body);
        return new SlackRequest(SlackRequestKind.Command, bytes, stamp, SlackSignature.Sign(Secret, stamp, bytes));
    }
}
