using System.Text.Json;
using Microsoft.Extensions.Options;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Testing.Stores;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Deliveries;

public sealed class DeliveryMessagesTests
{
    private readonly InMemoryStores _stores = new();

    [Theory]
    [InlineData("plain \"text\"", ResultType.Summary, JsonValueKind.String)]
    [InlineData("""{"a":[1]}""", ResultType.Json, JsonValueKind.Object)]
    [InlineData("not json", ResultType.Json, JsonValueKind.String)]
    public async Task Compose_SmallResult_IsInline(string text, ResultType type, JsonValueKind kind)
    {
        var data = await ComposeAsync(await _stores.Artifacts.ToContentAsync(text, default), type);
        Assert.Equal((kind, null, type), (data.Result!.Value.ValueKind, data.ResultUrl, data.ResultType!.Value));
        Assert.Equal(text, kind == JsonValueKind.String ? data.Result.Value.GetString() : data.Result.Value.GetRawText());
    }

    [Theory]
    [InlineData(DeliveryMessages.MaxInlineResult, null, true)]
    [InlineData(DeliveryMessages.MaxInlineResult + 1, null, false)]
    [InlineData(DeliveryMessages.MaxInlineResult + 1, "https://troupe.example/base/", false)]
    public async Task Compose_LargeResult_IsAUrl(int length, string? publicUrl, bool inline)
    {
        var content = await _stores.Artifacts.ToContentAsync(new string('x', length), default);
        var data = await ComposeAsync(content, ResultType.Summary, publicUrl);
        Assert.Equal(inline, data.Result is not null);
        var root = publicUrl is null ? "" : "https://troupe.example/base";
        Assert.Equal(inline ? null : $"{root}/api/v1/tasks/r%3Atask/result", data.ResultUrl);
    }

    [Fact]
    public async Task Compose_Failed_TellsTheErrorWithoutItsDetail()
    {
        await CreateAsync(task => task with { Status = WorkStatus.Failed, Error = new Failure(FailureKinds.BadRequest, "no", Detail: "at Secret.Stack()") });
        var message = await ComposeAsync(new WebhookOptions(), SampleRecords.Delivery("r", "d") with { TaskId = "r:task", Sequence = 2 });
        Assert.Equal(new WebhookError(FailureKinds.BadRequest, "no", Retryable: false), message!.Data.Error);
        Assert.DoesNotContain("Stack", JsonSerializer.Serialize(message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compose_EventInBetween_TellsWhatItSays()
    {
        await CreateAsync(static task => task);
        var message = await ComposeAsync(new WebhookOptions(), SampleRecords.Delivery("r", "d") with { Type = "approval.requested" });
        Assert.Equal(("r:g", 1L, null), (message!.Data.Event!.Value.GetProperty("gate").GetString(), message.Data.Sequence, message.Data.Status));
    }

    [Fact]
    public async Task Compose_OfASubscription_IsSignedWithItsSecretsAlone()
    {
        await CreateAsync(static task => task);
        var options = new WebhookOptions { Secret = WebhookSecret.New() };
        var subscriptions = Subscriptions(options);
        var added = await subscriptions.AddAsync(new SubscriptionFields(new Uri("https://example.com"), null, ["*"], null, null, null), null, new("ann"), default);
        var delivery = SampleRecords.Delivery("r", "d");

        Assert.Equal([options.Secret], (await ComposeAsync(options, delivery))!.Secrets);
        Assert.Equal([added!.Secrets[0].Text], (await ComposeAsync(options, delivery with { SubscriptionId = added.Id }))!.Secrets);
        var rotated = await subscriptions.RotateAsync(added.Id, null, default);
        Assert.Equal([rotated!.Secrets[0].Text, added.Secrets[0].Text], (await ComposeAsync(options, delivery with { SubscriptionId = added.Id }))!.Secrets);
        await subscriptions.DeleteAsync(added.Id, default);
        Assert.Null(await ComposeAsync(options, delivery with { SubscriptionId = added.Id }));
    }

    [Fact]
    public async Task Compose_TaskDeleted_IsNull()
    {
        await CreateAsync(static task => task);
        Assert.Null(await ComposeAsync(new WebhookOptions(), SampleRecords.Delivery("r", "d") with { TaskId = "r:other" }));
    }

    private async Task<WebhookData> ComposeAsync(Content result, ResultType type, string? publicUrl = null)
    {
        await CreateAsync(task => task with { Status = WorkStatus.Completed, Result = result, ResultType = type });
        var options = new WebhookOptions { PublicUrl = publicUrl is null ? null : new Uri(publicUrl) };
        var ofTask = await ComposeAsync(options, SampleRecords.Delivery("r", "d") with { TaskId = "r:task", Sequence = 3 });
        var ofRun = await ComposeAsync(options, SampleRecords.Delivery("r", "d") with { Sequence = 4 });
        Assert.Equal(ofTask!.Data.Result?.GetRawText(), ofRun!.Data.Result?.GetRawText());
        Assert.Equal(ofTask.Data.ResultUrl, ofRun.Data.ResultUrl);
        return ofTask.Data;
    }

    private Task<WebhookMessage?> ComposeAsync(WebhookOptions options, DeliveryRecord delivery) =>
        Messages(options).ComposeAsync(delivery, default);

    private DeliveryMessages Messages(WebhookOptions options) => new(
        _stores.Runs, _stores.Events, _stores.Artifacts, _stores.Notifications, new PlanCache(_stores.Artifacts), Subscriptions(options), Options.Create(options), TimeProvider.System);

    private WebhookSubscriptions Subscriptions(WebhookOptions options) => new(_stores.Settings, Options.Create(options), TimeProvider.System);

    private async Task CreateAsync(Func<TaskRecord, TaskRecord> change)
    {
        var plan = await new PlanCache(_stores.Artifacts).PutAsync(
            new Plan { Name = "p", Phases = [], Nodes = [], Agents = new Dictionary<string, Agents.AgentDefinition>(), ResultKey = "task" }, default);
        await _stores.Runs.TryCreateAsync(
            SampleRecords.Launch(SampleRecords.Run("r") with { Plan = plan }, change(SampleRecords.Task("r", "task"))) with { Events = [] }, default);
        await _stores.Events.AppendAsync(
            "r",
            [
                new NewEvent(EventTypes.ApprovalRequested, null, JsonElement.Parse("""{"gate":"r:g"}""")),
                new NewEvent(EventTypes.TaskFailed, "r:task", default),
                new NewEvent(EventTypes.TaskCompleted, "r:task", default),
                new NewEvent(EventTypes.RunCompleted, null, default),
            ],
            default);
    }
}
