using Microsoft.AspNetCore.Http;
using Troupe.Core.Runs;
using Troupe.Durable;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Management;

internal static class SteerInstance
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);

    public static async Task<IResult> RaiseEventAsync(string id, string name, HttpContext context, IOrchestrationClient client)
    {
        if (InternalEvents.Includes(id, name) && context.Identity()?.Roles.HasFlag(Roles.Admin) != true)
        {
            return new ApiProblem(StatusCodes.Status403Forbidden, $"The server's orchestrations tell each other this; only an admin may say it for them. To steer a run, use {Urls.Api}/workflows.")
            {
                Kind = "role",
            };
        }

        var bytes = await BodyReader.ReadAsync(context.Request, BodyReader.MaxLength);
        object? payload = bytes.IsEmpty ? null : StrictJson.Parse(bytes);
        return await AcceptAsync(() => client.RaiseEventAsync(id, name, payload, cancellation: context.RequestAborted));
    }

    public static Task<IResult> TerminateAsync(string id, HttpContext context, IOrchestrationClient client, Keeper keeper) => AcceptAsync(async () =>
    {
        await client.TerminateInstanceAsync(id, ReasonOf(context), context.RequestAborted);
        await keeper.SettleAsync(id, context.RequestAborted);
    });

    public static Task<IResult> SuspendAsync(string id, HttpContext context, IOrchestrationClient client) =>
        AcceptAsync(() => client.SuspendInstanceAsync(id, ReasonOf(context), context.RequestAborted));

    public static Task<IResult> ResumeAsync(string id, HttpContext context, IOrchestrationClient client) =>
        AcceptAsync(() => client.ResumeInstanceAsync(id, ReasonOf(context), context.RequestAborted));

    public static Task<IResult> RewindAsync(string id, HttpContext context, IOrchestrationClient client, RunControl control) => AcceptAsync(
        async () =>
        {
            await client.RewindInstanceAsync(id, ReasonOf(context) ?? "", context.RequestAborted);
            await control.ReopenAsync(id, context.RequestAborted);
        },
        StatusCodes.Status412PreconditionFailed);

    public static Task<IResult> RestartAsync(string id, HttpContext context, IOrchestrationClient client, Urls urls)
    {
        var query = new QueryFields(context.Request);
        var withNewId = query.Flag("restartWithNewInstanceId", fallback: true);
        query.Close(allowUnknown: true);
        return DurableErrors.TryAsync(
            async () =>
            {
                var started = await client.RestartInstanceAsync(id, withNewId, context.RequestAborted);
                return StartInstance.Started(context, urls, started, LookAgainAfter);
            },
            wrongState: StatusCodes.Status409Conflict,
            missing: StatusCodes.Status400BadRequest);
    }

    private static Task<IResult> AcceptAsync(Func<Task> call, int wrongState = StatusCodes.Status410Gone) =>
        DurableErrors.TryAsync(
            async () =>
            {
                await call();
                return Results.StatusCode(StatusCodes.Status202Accepted);
            },
            wrongState);

    private static string? ReasonOf(HttpContext context)
    {
        var query = new QueryFields(context.Request);
        var reason = query.Text("reason");
        query.Close(allowUnknown: true);
        return reason;
    }
}
