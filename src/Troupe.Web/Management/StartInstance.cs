using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Troupe.Durable;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Management;

internal static class StartInstance
{
    private const int MaxIdLength = 256;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public static async Task<IResult> HandleAsync(
        string name, string? id, HttpContext context, IOrchestrationClient client, Urls urls, TimeProvider time)
    {
        var query = new QueryFields(context.Request);
        var timeout = query.Duration("timeout", TimeSpan.Zero, MaxWait);
        var lookAgain = query.Duration("pollingInterval", LookAgainAfter, TimeSpan.FromHours(1));
        query.Close(allowUnknown: true);
        if (id is not null && !IsValidId(id))
            return DurableErrors.BadRequest($"An instance id has 1 to {MaxIdLength} characters, none of them a control character, '/', '\\', '#', '?' or ':', and does not start with '@'.");
        var input = await ReadInputAsync(context.Request);
        // Durable Functions would start a finished instance of that id afresh.
        if (id is not null && await client.GetInstanceAsync(id, cancellation: context.RequestAborted) is not null)
            return DurableErrors.IdTaken(id);
        try
        {
            var started = await client.ScheduleNewOrchestrationInstanceAsync(
                name, input, new StartOrchestrationOptions(id), context.RequestAborted);
            return await FinishedAsync(started, timeout, context, client, urls, time) ?? Started(context, urls, started, lookAgain);
        }
        catch (OrchestrationAlreadyExistsException exception)
        {
            return DurableErrors.IdTaken(exception.InstanceId);
        }
        catch (OrchestratorNotRegisteredException exception)
        {
            return DurableErrors.BadRequest(exception.Message);
        }
    }

    /// <summary>The check-status answer.</summary>
    public static IResult Started(HttpContext context, Urls urls, string id, TimeSpan lookAgain)
    {
        var instance = urls.Instance(context, id, DurableBase.Of(context));
        context.Response.Headers.Location = instance;
        Answer.RetryAfter(context, lookAgain);
        return Results.Json(CheckStatusBody.Of(id, instance), DurableJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>Its output where it completes in time; its status where it ends otherwise; null where it goes on.</summary>
    private static async Task<IResult?> FinishedAsync(
        string id, TimeSpan timeout, HttpContext context, IOrchestrationClient client, Urls urls, TimeProvider time)
    {
        if (timeout == TimeSpan.Zero)
            return null;
        using var patience = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, stop.Token);
            return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
                ? Results.Json(DurableJson.Value(ended.SerializedOutput), DurableJson.Options)
                : ReadInstances.Tell(context, urls, InstanceBody.Of(ended, showInput: true), failAs500: false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<JsonElement?> ReadInputAsync(HttpRequest request)
    {
        var bytes = await BodyReader.ReadAsync(request, BodyReader.MaxLength);
        return bytes.IsEmpty ? null : StrictJson.Parse(bytes);
    }

    // Ids with a colon are those of runs' tasks and gates, which must find them free.
    private static bool IsValidId(string id) =>
        id.Length is > 0 and <= MaxIdLength && id[0] != '@' && !id.Any(static c => char.IsControl(c) || c is '/' or '\\' or '#' or '?' or ':');
}
