using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Core.Tests.Deliveries;

public sealed class WebhookOptionsTests
{
    private readonly WebhookOptionsValidator _validator = new();

    [Fact]
    public void Validate_Defaults_Pass() => Assert.True(_validator.Validate(null, new WebhookOptions()).Succeeded);

    [Fact]
    public void Validate_Everything_Passes() => Assert.True(_validator.Validate(null, new WebhookOptions
    {
        MaxRetries = 20,
        RetryDelay = TimeSpan.FromHours(1),
        Secret = "whsec_" + Convert.ToBase64String(new byte[64]),
        PublicUrl = new Uri("https://troupe.example.org/base"),
    }).Succeeded);

    [Fact]
    public void Validate_OutOfRange_NamesEveryKey()
    {
        var failures = _validator.Validate(null, new WebhookOptions
        {
            MaxRetries = 21,
            RetryDelay = TimeSpan.Zero,
            PublicUrl = new Uri("ftp://example.org"),
        }).Failures!.ToList();
        Assert.Equal(3, failures.Count);
        Assert.Contains("Troupe:Webhooks:MaxRetries is 21, but must be 0 to 20.", failures);
    }

    [Theory]
    [InlineData("hunter2hunter2hunter2hunter2hunter2")]
    [InlineData("whsec_hunter2")]
    [InlineData("whsec_aHVudGVyMg==")]
    [InlineData("whsec_***************************************")]
    public void Validate_BadSecret_IsRefusedAndNotTold(string secret)
    {
        var message = _validator.Validate(null, new WebhookOptions { Secret = secret }).FailureMessage;
        Assert.Contains("Troupe:Webhooks:Secret is not usable", message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[6..], message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 10, 0)]
    [InlineData(2, 20, 0)]
    [InlineData(3, 40, 0)]
    [InlineData(3, 3600, 3600)]
    [InlineData(1, 86_400, 10_000_000)]
    public void After_DoublesAndHonoursTheReceiver(int attempt, double seconds, double asked)
    {
        var failure = new Failure(FailureKinds.DeliveryFailed, "", Retryable: true, TimeSpan.FromSeconds(asked));
        var wait = DeliverySchedule.After(TimeSpan.FromSeconds(10), attempt, "d", failure).TotalSeconds;
        Assert.InRange(wait, seconds * 0.8, seconds * 1.2);
    }

    [Fact]
    public void After_Late_IsBounded() =>
        Assert.Equal(DeliverySchedule.MaxBackoff, DeliverySchedule.After(TimeSpan.FromHours(1), 20, "d", new Failure(FailureKinds.DeliveryFailed, "")));
}
