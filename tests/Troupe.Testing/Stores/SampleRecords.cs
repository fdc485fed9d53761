using System.Globalization;
using System.Text.Json;
using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores;

/// <summary>Records to put into a store.</summary>
public static class SampleRecords
{
    /// <summary>Text that careless encoding would break.</summary>
    public const string Unicode = "Grüße, 世界 🎭 \u202Eabc\u202C <&'\"> \\ \t\n null\0 %_";

    public static DateTimeOffset Start { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static RunRecord Run(string id, DateTimeOffset? createdAt = null, params IReadOnlyList<string> tags) => new()
    {
        Id = id,
        Kind = RunKind.Workflow,
        Name = "review-pr",
        Status = WorkStatus.Queued,
        User = "ada",
        CreatedAt = createdAt ?? Start,
        Options = new RunOptions { Tags = tags },
        Plan = new ArtifactRef(new string('a', 64), 10, "application/json"),
        Inputs = Content.Inline("{}"),
    };

    /// <summary>A run that makes use of every property.</summary>
    public static RunRecord FullRun(string id) => Run(id, tags: ["nightly", Unicode]) with
    {
        Kind = RunKind.Batch,
        Name = Unicode,
        Status = WorkStatus.Retrying,
        User = "ada@example.com",
        StartedAt = Start.AddSeconds(1),
        CompletedAt = new DateTimeOffset(2030, 1, 1, 3, 4, 5, 678, TimeSpan.FromHours(2)).AddTicks(9),
        StartAt = Start.AddDays(1),
        Options = new RunOptions
        {
            Timeout = TimeSpan.FromMinutes(90),
            MaxRetries = 0,
            RetryBackoff = RetryBackoff.Linear,
            Priority = Priority.Low,
            CallbackUrl = new Uri("https://example.com/done?x=1"),
            OnCompletion = new OnCompletion { Action = CompletionAction.Launch, Workflow = "deploy" },
            OnFailure = OnFailure.Ask,
            MaxConcurrency = 7,
            Budget = new Budget(1.25m, 1_000, TimeSpan.FromHours(1)),
            Tags = ["nightly", Unicode],
            Metadata = new Dictionary<string, JsonElement> { ["Ticket Id"] = Json("""{"n":[1,2.50,null]}""") },
            Mode = ExecutionMode.Hybrid,
            UseDirectLlm = false,
        },
        TaskCount = 3,
        Phases = [new PhaseRecord("one", "First", 0.4, WorkStatus.Completed) { StartedAt = Start, CompletedAt = Start.AddSeconds(5) }],
        Error = new Failure(FailureKinds.RateLimited, Unicode, Retryable: true, TimeSpan.FromSeconds(3), "stack"),
        CancelRequestedAt = Start.AddSeconds(9),
        CancelReason = "enough",
        PauseRequested = true,
        ForkedFrom = "earlier",
        Usage = new Usage(12, 34, 0.000056m),
        Attention = "no instance",
    };

    public static TaskRecord Task(string runId, string key, int ordinal = 0, WorkStatus status = WorkStatus.Queued) => new()
    {
        Id = $"{runId}:{key}",
        RunId = runId,
        Key = key,
        Title = string.Create(CultureInfo.InvariantCulture, $"Task {key}"),
        Phase = "main",
        Ordinal = ordinal,
        Agent = "coder",
        Status = status,
        CreatedAt = Start,
        Weight = 0.1,
        MaxAttempts = 4,
    };

    /// <summary>A task of the run that took so long and ended so many minutes after the start.</summary>
    public static TaskRecord Finished(string runId, string key, string agent, TimeSpan duration, int endedAfterMinutes) =>
        Task(runId, key, status: WorkStatus.Completed) with
        {
            Agent = agent,
            StartedAt = Start.AddMinutes(endedAfterMinutes) - duration,
            CompletedAt = Start.AddMinutes(endedAfterMinutes),
        };

    public static GateRecord Gate(string runId, string key, DateTimeOffset? createdAt = null) => new()
    {
        Id = $"{runId}:{key}",
        RunId = runId,
        Key = key,
        Kind = GateKind.Approval,
        Title = "Deploy?",
        Status = GateStatus.Pending,
        CreatedAt = createdAt ?? Start,
    };

    public static DeliveryRecord Delivery(string runId, string id, DateTimeOffset? createdAt = null) => new()
    {
        Id = id,
        RunId = runId,
        Type = "workflow.completed",
        Sequence = 1,
        Url = new Uri("https://example.com/hook"),
        Status = DeliveryStatus.Pending,
        CreatedAt = createdAt ?? Start,
        NextAttemptAt = createdAt ?? Start,
    };

    public static ApiKey Key(string id, DateTimeOffset? createdAt = null) => new()
    {
        Id = id,
        Name = "deploy bot",
        Hash = new string('b', 64),
        Roles = Roles.Operator,
        Owner = "ada",
        CreatedAt = createdAt ?? Start,
        CreatedBy = "local",
    };

    public static NewRun Launch(RunRecord run, params IReadOnlyList<TaskRecord> tasks) => new(run, tasks, [Event(EventTypes.RunQueued)]);

    public static NewEvent Event(string type, string? dedupKey = null, string data = """{"n":1}""", string? taskId = null) =>
        new(type, taskId, Json(data), dedupKey);

    public static JsonElement Json(string text) => JsonElement.Parse(text);
}
