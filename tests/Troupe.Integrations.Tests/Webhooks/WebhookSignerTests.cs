using System.Text;
using Troupe.Core.Deliveries;
using Troupe.Integrations.Webhooks;

namespace Troupe.Integrations.Tests.Webhooks;

public sealed class WebhookSignerTests
{
    /// <summary>The example that the libraries of Standard Webhooks test themselves by.</summary>
    [Fact]
    public void Sign_TheStandardsExample_IsItsSignature()
    {
        var key = WebhookSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;

        var signature = WebhookSigner.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }
}
