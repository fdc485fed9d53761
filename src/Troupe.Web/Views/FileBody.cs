using Microsoft.AspNetCore.Http;
using Troupe.Core.Records;
using Troupe.Web.Hosting;

namespace Troupe.Web.Views;

/// <summary>A file that a task saved.</summary>
/// <param name="Path">As the task chose it: untrusted.</param>
/// <param name="Length">Bytes.</param>
internal sealed record FileBody(string Path, long Length, string MediaType, string Hash, string Url)
{
    public static FileBody Of(HttpContext context, Urls urls, string taskId, TaskFile file) => new(
        file.Path, file.Artifact.Length, file.Artifact.MediaType, file.Artifact.Hash, urls.TaskFile(context, taskId, file.Path));
}
