using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Tasks;

/// <summary>Writes a result as it is read, so that one of 50 MB needs no more memory than a small one.</summary>
internal sealed class ResultAnswer(TaskRecord task, IArtifactStore artifacts, Urls urls) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellation = httpContext.RequestAborted;
        await using var result = await OpenAsync(cancellation);
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        var body = JsonSerializer.SerializeToUtf8Bytes(ResultBody.Of(httpContext, urls, task), WebJson.Options);
        await response.Body.WriteAsync(body.AsMemory(0, body.Length - 1), cancellation);
        await response.Body.WriteAsync(",\"result\":"u8.ToArray(), cancellation);
        if (result is null)
            await response.Body.WriteAsync("null"u8.ToArray(), cancellation);
        else if (task.ResultType == ResultType.Json)
            await result.CopyToAsync(response.Body, cancellation);
        else
            await JsonStrings.WriteAsync(result, response.Body, cancellation);
        await response.Body.WriteAsync("}"u8.ToArray(), cancellation);
    }

    private async Task<Stream?> OpenAsync(CancellationToken cancellationToken)
    {
        if (task.Result is not { } result)
            return null;
        if (result.Artifact is not { } artifact)
            return new MemoryStream(Encoding.UTF8.GetBytes(result.Text ?? ""), writable: false);
        return await artifacts.OpenAsync(artifact.Hash, cancellationToken)
            ?? throw new ApiException(new ApiProblem(StatusCodes.Status500InternalServerError, $"The result's artifact {artifact.Hash} is missing from the store."));
    }
}
