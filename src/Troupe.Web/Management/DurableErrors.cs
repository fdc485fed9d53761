using Microsoft.AspNetCore.Http;
using Troupe.Durable;
using Troupe.Web.Errors;

namespace Troupe.Web.Management;

/// <summary>Answers to what the engine refuses.</summary>
internal static class DurableErrors
{
    /// <summary>Runs a call; a missing instance is 404, one in the wrong state has the given status.</summary>
    public static async Task<IResult> TryAsync(Func<Task<IResult>> call, int wrongState = StatusCodes.Status410Gone, int missing = StatusCodes.Status404NotFound)
    {
        try
        {
            return await call();
        }
        catch (OrchestrationNotFoundException exception)
        {
            return new ApiProblem(missing, exception.Message) { Kind = "not-found" };
        }
        catch (OrchestrationInvalidStateException exception)
        {
            return new ApiProblem(wrongState, exception.Message)
            {
                Kind = "wrong-state",
                Members = new Dictionary<string, object?> { ["runtimeStatus"] = exception.Status.ToString() },
            };
        }
    }

    public static ApiProblem NoInstance(string id) => ApiProblem.NotFound("orchestration instance", id);

    public static ApiProblem IdTaken(string id) =>
        new(StatusCodes.Status409Conflict, new OrchestrationAlreadyExistsException(ApiProblem.Shorten(id)).Message) { Kind = "id-taken" };

    public static ApiProblem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, detail);
}
