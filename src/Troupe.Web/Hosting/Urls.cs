using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Web.Access;

namespace Troupe.Web.Hosting;

/// <summary>Makes the absolute URLs that answers carry. The host guard has let the request's host pass before.</summary>
internal sealed class Urls(IOptions<TroupeWebOptions> options)
{
    public const string Api = "/api/v1";

    public const string Durable = Api + "/durable";

    /// <summary>The base of the API.</summary>
    public string Root(HttpContext context) => Base(context) + Api;

    public string TaskStatus(HttpContext context, string taskId) => Carry(context, $"{Root(context)}/tasks/{Segment(taskId)}/status");

    public string TaskResult(HttpContext context, string taskId) => Carry(context, $"{Root(context)}/tasks/{Segment(taskId)}/result");

    public string TaskFile(HttpContext context, string taskId, string path) =>
        $"{Root(context)}/tasks/{Segment(taskId)}/artifacts/{string.Join('/', path.Split('/').Select(Segment))}";

    public string Workflow(HttpContext context, string runId) => Carry(context, $"{Root(context)}/workflows/{Segment(runId)}");

    public string Callback(HttpContext context, string runId, string name) => $"{Root(context)}/workflows/{Segment(runId)}/callbacks/{Segment(name)}";

    public string ApprovalPrompt(HttpContext context, string gateId, string task) =>
        $"{Root(context)}/approvals/{Segment(gateId)}/prompts/{Segment(task)}";

    /// <summary>An address of a path that begins at the server's root.</summary>
    public string At(HttpContext context, string path) => Base(context) + path;

    public string Artifact(HttpContext context, string hash) => $"{Root(context)}/artifacts/{Segment(hash)}";

    public string Instance(HttpContext context, string instanceId, string durableBase = Durable) =>
        Carry(context, $"{Base(context)}{durableBase}/instances/{Segment(instanceId)}");

    /// <summary>A value as one segment of a path. Colons are legal there and stay readable.</summary>
    public static string Segment(string value) => Uri.EscapeDataString(value).Replace("%3A", ":", StringComparison.Ordinal);

    /// <summary>A URL that opens by itself what the token reads.</summary>
    public static string WithToken(string url, string? token) =>
        token is null ? url : $"{url}?{StatusTokens.Parameter}={Uri.EscapeDataString(token)}";

    // Who came with a token goes on with it.
    private static string Carry(HttpContext context, string url) =>
        context.Identity()?.OnlyRun is null ? url : WithToken(url, context.Request.Query[StatusTokens.Parameter]);

    private string Base(HttpContext context) =>
        options.Value.PublicUrl is { } url
            ? url.AbsoluteUri.TrimEnd('/')
            : $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}{context.Request.PathBase.ToUriComponent()}";
}
