namespace Troupe.Acceptance.Http;

internal static class Approvals
{
    /// <summary>The approval that a run waits for, once it is asked.</summary>
    public static Task<JsonElement> PendingApprovalAsync(this Api api, string run) => Eventually.ValueAsync(async () =>
    {
        var approvals = (await api.GetAsync($"approvals?status=pending&workflow_id={run}")).Expect(HttpStatusCode.OK).Json.Items();
        return approvals.Select(approval => (JsonElement?)approval).SingleOrDefault();
    });

    public static Task<Answer> DecideAsync(this Api api, string approval, string decision, string? comment = null) =>
        api.PostAsync($"approvals/{approval}", comment is null ? new { decision } : new { decision, comment });
}
