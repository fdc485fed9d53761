using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Troupe.Core.Access;
using Troupe.Core.Approvals;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Stores;

namespace Troupe.Integrations.Slack;

/// <summary>What people can say: <c>run</c>, <c>status</c>, <c>approvals</c>, <c>help</c>.</summary>
internal sealed class SlackCommands(RunLauncher launcher, IRunStore runs, IGateStore gates)
{
    private const int MostShown = 10;

    private const string Help = """
        `run <workflow> topic="quantum sensors" count:=3` launches a workflow; `:=` is for numbers, true, false and JSON
        `status` shows your latest runs, `status <run>` one
        `approvals` shows what waits for your decision
        """;

    /// <param name="key">The same where Slack sends the same again, so that it launches once.</param>
    public Task<SlackReply> DoAsync(string text, Caller caller, string key, CancellationToken cancellationToken)
    {
        var words = SlackText.Words(SlackText.Unescape(text));
        return words switch
        {
            ["run", var workflow, .. var inputs] => Allowed(caller, Roles.Operator, () => RunAsync(workflow, inputs, caller, key, cancellationToken)),
            ["status"] => Allowed(caller, Roles.Reader, () => ListAsync(caller, cancellationToken)),
            ["status", var run] => Allowed(caller, Roles.Reader, () => ShowAsync(run, caller, cancellationToken)),
            ["approvals"] => Allowed(caller, Roles.Approver, () => ApprovalsAsync(caller, cancellationToken)),
            _ => Task.FromResult(new SlackReply(SlackText.Escape(Help))),
        };
    }

    private static Task<SlackReply> Allowed(Caller caller, Roles role, Func<Task<SlackReply>> act) => caller.Roles.HasFlag(role)
        ? act()
        : Task.FromResult(new SlackReply($"That needs the role {EnumWords<Roles>.Write(role)}."));

    private async Task<SlackReply> RunAsync(string workflow, IReadOnlyList<string> words, Caller caller, string key, CancellationToken cancellationToken)
    {
        if (InputsOf(words, out var wrong) is not { } inputs)
            return new SlackReply($"Expected name=value, or name:=JSON; found {SlackText.Code(wrong)}.");
        var launch = new WorkflowLaunch
        {
            Workflow = workflow,
            Inputs = inputs,
            Options = new RunOptions { OnCompletion = new OnCompletion { Action = CompletionAction.Notify } },
        };
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workflow}\n{inputs.GetRawText()}")));
        var launched = await launcher.LaunchAsync(launch, caller, new Idempotency(key, hash), cancellationToken);
        if (launched.Run is not { } run)
            return new SlackReply($"Not launched:\n{string.Join('\n', launched.Problems.Take(MostShown).Select(static problem => $"• {SlackText.Escape(problem.Message)}"))}");
        return new SlackReply($"{SlackText.Code(run.Id)} *{SlackText.Escape(run.Name)}* is {EnumWords<WorkStatus>.Write(run.Status)}. You are told when it ends.");
    }

    private static JsonElement? InputsOf(IReadOnlyList<string> words, out string wrong)
    {
        var inputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            wrong = word;
            var at = word.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                return null;
            var isJson = at > 1 && word[at - 1] == ':';
            if (Parse(word[(at + 1)..], isJson) is not { } value || !inputs.TryAdd(word[..(isJson ? at - 1 : at)], value))
                return null;
        }

        wrong = "";
        return JsonSerializer.SerializeToElement(inputs);
    }

    private static JsonElement? Parse(string text, bool isJson)
    {
        if (!isJson)
            return JsonSerializer.SerializeToElement(text);
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<SlackReply> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var page = await runs.ListRunsAsync(new RunQuery { User = caller.User, Limit = MostShown }, cancellationToken);
        return new SlackReply(page.Items.Count == 0 ? "You have no runs." : string.Join('\n', page.Items.Select(Line)));
    }

    /// <summary>Others' runs are shown to approvers and admins alone; to the rest they are not there.</summary>
    private async Task<SlackReply> ShowAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(id, cancellationToken);
        if (run is null || (run.User != caller.User && (caller.Roles & (Roles.Approver | Roles.Admin)) == Roles.None))
            return new SlackReply($"There is no run {SlackText.Code(id)}.");
        var totals = await runs.GetTotalsAsync(run.Id, cancellationToken);
        var error = run.Error is { } failure ? $"\n{SlackText.Escape(failure.Message)}" : "";
        return new SlackReply($"{Line(run)}, {totals.DoneWeight * 100:0} %{error}");
    }

    private async Task<SlackReply> ApprovalsAsync(Caller caller, CancellationToken cancellationToken)
    {
        var query = new GateQuery { Kind = GateKind.Approval, Status = GateStatus.Pending };
        var mine = await gates.AllGatesAsync(query, cancellationToken).Where(gate => gate.MayBeDecidedBy(caller)).Take(MostShown).ToListAsync(cancellationToken);
        if (mine.Count == 0)
            return new SlackReply("Nothing waits for your decision.");
        return new SlackReply(
            $"{mine.Count} approvals wait for you.",
            [.. mine.SelectMany(static gate => new[] { SlackReply.Section($"*{SlackText.Escape(gate.Title)}*\n_{SlackText.Escape(gate.RunId)}_"), SlackReply.Buttons(gate.Id) })]);
    }

    private static string Line(RunRecord run) => $"{SlackText.Code(run.Id)} *{SlackText.Escape(run.Name)}* {EnumWords<WorkStatus>.Write(run.Status)}";
}
