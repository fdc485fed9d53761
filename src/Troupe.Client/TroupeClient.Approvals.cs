using System.Text.Json;

namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>What waits for a person (or has, with another <paramref name="status"/>), newest first.</summary>
    public IAsyncEnumerable<ApprovalInfo> ApprovalsAsync(string? status = "pending", CancellationToken cancellationToken = default) =>
        ApprovalsAsync(new ApprovalQuery { Status = status }, cancellationToken);

    /// <summary>Approvals and questions, newest first.</summary>
    public IAsyncEnumerable<ApprovalInfo> ApprovalsAsync(ApprovalQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return PagesAsync(
            cursor => new Query("api/v1/approvals")
                .Add("status", query.Status).Add("kind", query.Kind).Add("workflow_id", query.WorkflowId).Add("mine", query.Mine ? "true" : null).Add("cursor", cursor),
            ClientJson.Default.PageBodyApprovalInfo,
            cancellationToken);
    }

    /// <exception cref="TroupeApiException">404: there is none of that id.</exception>
    public Task<ApprovalInfo> ApprovalAsync(string approvalId, CancellationToken cancellationToken = default) =>
        _api.GetAsync($"api/v1/approvals/{Escape(approvalId)}", ClientJson.Default.ApprovalInfo, cancellationToken);

    /// <summary>Decides an approval. The same decision again is no error.</summary>
    /// <exception cref="TroupeApiException">409 names who closed it before; 404: there is none of that id.</exception>
    public Task<ApprovalInfo> DecideAsync(
        string approvalId, bool approve, string? comment = null, CancellationToken cancellationToken = default) =>
        DecideAsync(approvalId, new DecisionRequest(approve ? "approve" : "reject", comment), cancellationToken);

    /// <summary>The same, with changes of what runs next.</summary>
    /// <exception cref="TroupeApiException">As above; 422 names the edits that can't be made.</exception>
    public Task<ApprovalInfo> DecideAsync(string approvalId, DecisionRequest decision, CancellationToken cancellationToken = default) =>
        _api.PostAsync(
            $"api/v1/approvals/{Escape(approvalId)}",
            decision,
            ClientJson.Default.DecisionRequest,
            ClientJson.Default.ApprovalInfo,
            cancellationToken);

    /// <summary>Answers a question: with a text, one of its choices, or JSON by its schema. The same answer again is no error.</summary>
    /// <exception cref="TroupeApiException">422 names the place of what is wrong; 409 who answered before; 404: there is none of that id.</exception>
    public Task<ApprovalInfo> AnswerAsync(string questionId, JsonElement answer, CancellationToken cancellationToken = default) =>
        _api.PostAsync(
            $"api/v1/approvals/{Escape(questionId)}",
            new AnswerBody(answer),
            ClientJson.Default.AnswerBody,
            ClientJson.Default.ApprovalInfo,
            cancellationToken);

    /// <summary>The same, of a task's question; it takes the role operator, the other the role approver.</summary>
    /// <param name="questionId">One of <see cref="TaskInfo.Questions"/>; null for the only open one.</param>
    /// <exception cref="TroupeApiException">As above; 409 where several are open, too.</exception>
    public Task<ApprovalInfo> AnswerTaskAsync(
        string taskId, JsonElement answer, string? questionId = null, CancellationToken cancellationToken = default) =>
        _api.PostAsync(
            $"api/v1/tasks/{Escape(taskId)}/answer",
            new AnswerBody(answer, questionId),
            ClientJson.Default.AnswerBody,
            ClientJson.Default.ApprovalInfo,
            cancellationToken);
}
