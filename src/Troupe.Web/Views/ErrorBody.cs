using Troupe.Core.Records;

namespace Troupe.Web.Views;

/// <summary>Why something failed, without what is for the log alone.</summary>
/// <param name="RetryAfter">Seconds.</param>
internal sealed record ErrorBody(string Kind, string Message, bool Retryable, double? RetryAfter)
{
    public static ErrorBody? Of(Failure? failure) =>
        failure is null ? null : new(failure.Kind, failure.Message, failure.Retryable, failure.RetryAfter?.TotalSeconds);
}
