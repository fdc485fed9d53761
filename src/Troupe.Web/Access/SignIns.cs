using Microsoft.AspNetCore.Http;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>Holds each key to so many sign-ins. Wrong keys are held up by their address (<see cref="FailedAttempts"/>).</summary>
internal sealed class SignIns(TimeProvider time)
{
    /// <summary>Sign-ins of one key in a row.</summary>
    public const int Burst = 30;

    /// <summary>One more is allowed each time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Allowance<string> _ofKey = new(time, Burst, Interval, KeyRing.MaxKeys, "");

    /// <exception cref="ApiException">429: the key signed in too often.</exception>
    public void Take(ApiKey key)
    {
        if (_ofKey.Take(key.Id) is { } wait)
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status429TooManyRequests, "This key signs in too often; keep the session that it has, or try again later.")
            {
                Kind = "rate-limited",
                RetryAfter = wait,
            });
        }
    }
}
