using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Durable;

namespace Troupe.Engine.Crash.Subject;

/// <summary>The engine's client over HTTP: 202 is given only for what the engine has accepted.</summary>
internal static class SubjectEndpoints
{
    public static void MapSubject(this IEndpointRouteBuilder endpoints)
    {
        var instances = endpoints.MapGroup("/instances").AddEndpointFilter(TellRefusalsAsync);
        instances.MapPost("/{id}", async (string id, string orchestrator, DateTimeOffset? startAt, JsonElement input, IOrchestrationClient client) =>
        {
            await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id, startAt));
            return Results.Accepted();
        });
        instances.MapPost("/{id}/events/{name}", Accept(
            async (id, context, client) => await client.RaiseEventAsync(
                id, (string)context.Request.RouteValues["name"]!, await context.Request.ReadFromJsonAsync<JsonElement>(), context.Request.Query["delivery"])));
        instances.MapPost("/{id}/suspend", Accept(static (id, _, client) => client.SuspendInstanceAsync(id)));
        instances.MapPost("/{id}/resume", Accept(static (id, _, client) => client.ResumeInstanceAsync(id)));
        instances.MapPost("/{id}/terminate", Accept(static (id, _, client) => client.TerminateInstanceAsync(id, "terminated")));
        instances.MapPost("/{id}/rewind", Accept(static (id, _, client) => client.RewindInstanceAsync(id, "mended")));
        instances.MapPost("/{id}/restart", Accept(static (id, _, client) => client.RestartInstanceAsync(id)));
        instances.MapPost("/{id}/purge", Accept(static (id, _, client) => client.PurgeInstanceAsync(id)));
        instances.MapGet("/{id}", async (string id, IOrchestrationClient client) => await client.GetInstanceAsync(id, true) is { } instance
            ? Results.Ok(instance)
            : Results.NotFound());
        instances.MapGet("/{id}/end", async (string id, HttpContext context, IOrchestrationClient client) =>
            Results.Ok(await client.WaitForInstanceCompletionAsync(id, true, context.RequestAborted)));
        instances.MapGet("/{id}/history", async (string id, IOrchestrationClient client) => Results.Ok(await client.GetHistoryAsync(id)));
        endpoints.MapGet("/activities", static (DurableEngine engine) => Results.Ok(engine.Core!.Activities.Running + engine.Core.Activities.Waiting));
    }

    private static Func<string, HttpContext, IOrchestrationClient, Task<IResult>> Accept(Func<string, HttpContext, IOrchestrationClient, Task> call) =>
        async (id, context, client) =>
        {
            await call(id, context, client);
            return Results.Accepted();
        };

    private static async ValueTask<object?> TellRefusalsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (OrchestrationNotFoundException exception)
        {
            return Results.Text(exception.Message, statusCode: StatusCodes.Status404NotFound);
        }
        catch (OrchestrationAlreadyExistsException exception)
        {
            return Results.Text(exception.Message, statusCode: StatusCodes.Status409Conflict);
        }
        catch (OrchestrationInvalidStateException exception)
        {
            return Results.Text(exception.Message, statusCode: StatusCodes.Status410Gone);
        }
        catch (DurableLimitExceededException exception)
        {
            return Results.Text(exception.Message, statusCode: StatusCodes.Status429TooManyRequests);
        }
    }
}
