using System.Net;
using Troupe.Agents.Providers;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Providers;

public sealed class HttpFailureTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_SpentQuota_IsNotRetried()
    {
        var failure = Sort(429, """{"error":{"message":"Quota exceeded","code":"insufficient_quota"}}""", ("Retry-After", "5"));

        Assert.Equal((FailureKinds.RateLimited, false, null), (failure.Kind, failure.Retryable, failure.RetryAfter));
        Assert.EndsWith("The account's quota is spent.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_GooglesRetryDelay_IsUsed() => Assert.Equal(
        TimeSpan.FromSeconds(34),
        Sort(429, """[{"error":{"code":429,"message":"Slow","status":"RESOURCE_EXHAUSTED","details":[{"@type":"x.RetryInfo","retryDelay":"34s"}]}}]""").RetryAfter);

    [Theory]
    [InlineData("Retry-After", "Mon, 31 Dec 2029 00:00:00 GMT", 0)]
    [InlineData("Retry-After", "99999999", 86400)]
    [InlineData("retry-after-ms", "250", 0.25)]
    public void Of_RetryAfter_IsBounded(string header, string value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Sort(503, "{}", (header, value)).RetryAfter);

    [Theory]
    [InlineData("retry-after-ms", "soon")]
    [InlineData("retry-after-ms", "-1")]
    [InlineData("Retry-After", "soon")]
    public void Of_RetryAfterNobodyUnderstands_IsLeftOut(string header, string value) => Assert.Null(Sort(429, "", (header, value)).RetryAfter);

    [Theory]
    [InlineData("", "no explanation")]
    [InlineData("plain text", "plain text")]
    [InlineData("""{"error":"just text"}""", "just text")]
    [InlineData("""{"message":"on top"}""", "on top")]
    [InlineData("[1]", "[1]")]
    public void Of_AnyBody_IsTold(string body, string says) => Assert.Equal($"acme answered 400: {says}", Sort(400, body).Message);

    [Fact]
    public void Of_LongBody_IsCut() => Assert.InRange(Sort(400, new string('x', 100_000)).Message.Length, 500, 600);

    private static Failure Sort(int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return HttpFailure.Of("acme", response.StatusCode, response.Headers, body, Now);
    }
}
