namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>The processes that work on tasks, by id, with what each works on; of tasks that the caller may see.</summary>
    /// <exception cref="TroupeApiException">403: it takes the role operator.</exception>
    public IAsyncEnumerable<ExecutorInfo> ExecutorsAsync(CancellationToken cancellationToken = default) =>
        PagesAsync(cursor => new Query("api/v1/executors").Add("cursor", cursor), ClientJson.Default.PageBodyExecutorInfo, cancellationToken);
}
