using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Web.Errors;

/// <summary>The one place where errors become answers. What is not expected is logged and told as 500 without its details.</summary>
internal sealed partial class ErrorHandling(RequestDelegate next, ILogger<ErrorHandling> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBare(context.Response))
                await Describe(context).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await Translate(exception, context).ExecuteAsync(context);
        }
        catch (Exception exception)
        {
            LogBrokenOff(logger, exception, context.Request.Method, context.GetEndpoint()?.DisplayName);
            context.Abort();
        }
    }

    private ApiProblem Translate(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case ApiException expected:
                return expected.Problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new(StatusCodes.Status413PayloadTooLarge, "The body is longer than this route allows.") { Kind = "too-large" };
            case BadHttpRequestException bad:
                return new(bad.StatusCode, "The request is malformed.");
            case InvalidCursorException cursor:
                return new(StatusCodes.Status400BadRequest, cursor.Message) { Kind = "invalid-cursor" };
            case DurableLimitExceededException { MayPassLater: true }:
                return new(StatusCodes.Status429TooManyRequests, exception.Message) { Kind = "too-many-events", RetryAfter = TimeSpan.FromSeconds(1) };
            case ArtifactTooLargeException or DurableLimitExceededException:
                return new(StatusCodes.Status413PayloadTooLarge, exception.Message) { Kind = "too-large" };
            case StoreUnavailableException unavailable:
                // The store has logged it, once for all requests.
                return ApiProblem.Storage(unavailable.Reason);
            default:
                LogUnexpected(logger, exception, context.Request.Method, context.GetEndpoint()?.DisplayName, context.TraceIdentifier);
                return new(StatusCodes.Status500InternalServerError, "An unexpected error happened; the server's log has it under this trace id.")
                {
                    Members = new Dictionary<string, object?> { ["trace_id"] = context.TraceIdentifier },
                };
        }
    }

    private static bool IsBare(HttpResponse response) =>
        !response.HasStarted && response.StatusCode >= 400 && response.ContentLength is null && response.ContentType is null;

    private static ApiProblem Describe(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(404, "Nothing is at this path.") { Kind = "no-route" },
        StatusCodes.Status405MethodNotAllowed => new(405, $"This path does not answer {context.Request.Method}; the Allow header says what it answers."),
        var status => new(status, "The request was refused."),
    };

    [LoggerMessage(LogLevel.Error, "Unexpected error in {Method} {Endpoint} (trace id {TraceId})")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string method, string? endpoint, string traceId);

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} broke off in the middle of its answer")]
    private static partial void LogBrokenOff(ILogger logger, Exception exception, string method, string? endpoint);
}
