using System.Text.RegularExpressions;

namespace Troupe.Core.Definitions.Reading;

internal static partial class GateReader
{
    private const string Expected = "a mapping: {approval: {title: …}} or {callback: name}";

    public static GateDefinition? Read(MapReader owner)
    {
        var map = owner.Map("gate", Expected);
        if (map is null)
            return null;
        var isApproval = map.Take("approval") is not null;
        var isCallback = map.Take("callback") is not null;
        if (isApproval == isCallback)
        {
            map.Log.Add($"A gate must be {Expected}; found {(isApproval ? "both" : "neither")}.", map.Place);
            return null;
        }

        var gate = isCallback ? ReadCallback(map) : ReadApproval(map);
        map.RefuseOthers("gate");
        return gate;
    }

    private static GateDefinition ReadCallback(MapReader map)
    {
        var name = map.Text("callback", 64) ?? "";
        if (name.Length > 0 && !NamePattern().IsMatch(name))
            map.Log.Add($"A callback's name has letters, digits, hyphens, underscores and dots, 1 to 64; found \"{name}\".", map.At("callback"));
        return new GateDefinition
        {
            Type = GateType.Callback,
            Callback = name,
            Title = map.Text("title", 500),
            Description = map.Text("description", 4000),
            Timeout = ReadTimeout(map),
        };
    }

    private static GateDefinition? ReadApproval(MapReader gate)
    {
        if (gate.Map("approval", "a mapping with a title") is not { } map)
            return null;
        var approval = new GateDefinition
        {
            Type = GateType.Approval,
            Title = map.Text("title", 500),
            Description = map.Text("description", 4000),
            Timeout = ReadTimeout(map),
            OnTimeout = map.Word<OnTimeout>("on_timeout") ?? OnTimeout.Reject,
            Quorum = map.Integer("quorum") ?? 1,
            Approvers = map.Names("approvers"),
            EscalateTo = map.Names("escalate_to"),
            EscalateTimeout = ReadTimeout(map, "escalate_timeout"),
            Remind = map.Time("remind"),
        };
        CheckApproval(approval, map);
        map.RefuseOthers("approval");
        return approval;
    }

    private static void CheckApproval(GateDefinition approval, MapReader map)
    {
        if (approval.Quorum is < 1 or > 20)
            map.Log.Add($"\"quorum\" must be 1 to 20; found {approval.Quorum}.", map.At("quorum"));
        if (approval.Approvers.Count > 0 && approval.Approvers.Count < approval.Quorum && !approval.Approvers.Any(static one => one.StartsWith("group:", StringComparison.Ordinal)))
            map.Log.Add($"A quorum of {approval.Quorum} can't be reached by {approval.Approvers.Count} approvers.", map.At("quorum"));
        if (map.Take("on_timeout") is not null && approval.Timeout is null)
            map.Log.Add("\"on_timeout\" needs a \"timeout\".", map.At("on_timeout"));
        if (approval.OnTimeout == OnTimeout.Escalate && approval.EscalateTo.Count == 0)
            map.Log.Add("on_timeout: escalate needs \"escalate_to\": the users and groups who decide then.", map.At("on_timeout"));
        if (approval.OnTimeout != OnTimeout.Escalate && approval.EscalateTo.Count > 0)
            map.Log.Add("\"escalate_to\" needs on_timeout: escalate.", map.At("escalate_to"));
        if (approval.OnTimeout != OnTimeout.Escalate && approval.EscalateTimeout is not null)
            map.Log.Add("\"escalate_timeout\" needs on_timeout: escalate.", map.At("escalate_timeout"));
        if (approval.Remind < TimeSpan.FromSeconds(1))
            map.Log.Add("\"remind\" must be 1s or more.", map.At("remind"));
        CheckDeciders(approval.Approvers, "approvers", map);
        CheckDeciders(approval.EscalateTo, "escalate_to", map);
    }

    private static void CheckDeciders(IReadOnlyList<string> deciders, string key, MapReader map)
    {
        foreach (var wrong in deciders.Where(static one => string.IsNullOrWhiteSpace(one) || (one.StartsWith("group:", StringComparison.Ordinal) && !NamePattern().IsMatch(one["group:".Length..]))))
            map.Log.Add($"\"{key}\" has users, or groups such as group:leads; found \"{wrong}\".", map.At(key));
    }

    private static TimeSpan? ReadTimeout(MapReader map, string key = "timeout")
    {
        var timeout = map.Time(key);
        if (timeout == TimeSpan.Zero)
            map.Log.Add($"\"{key}\" must be above 0.", map.At(key));
        return timeout;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
