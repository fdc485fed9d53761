using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Providers.Wire;

/// <summary>What every provider must do, by its real SDK against its vendor's wire format.</summary>
public sealed class VendorTests
{
    public static TheoryData<string> Vendors => Vendor.Names;

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Success_StreamsTheAnswerWithUsage(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.Answer("Hel", "lo, ", "wörld"));
        using var host = vendor.Host(server);

        var result = await host.RunAsync(Agent.With($"provider: {name}\ntemperature: 0.5\nmax_output_tokens: 321", "Be brief."), "Greet me");

        Assert.Null(result.Failure);
        Assert.Equal((TurnOutcome.Answer, "Hello, wörld", name, "answering-model", false), (result.Outcome, result.Text, result.Provider, result.Model, result.Simulated));
        Assert.Equal((11, 7), (result.Usage.InputTokens, result.Usage.OutputTokens));
        var request = Assert.Single(server.Requests);
        Assert.Equal(vendor.Path, request.Path);
        Assert.Equal("Bearer " + Vendor.Key, request.Headers["Authorization"]);
        using var body = JsonDocument.Parse(request.Body);
        Assert.True(body.RootElement.GetProperty("stream").GetBoolean());
        // Anthropic's present API has no temperature any more.
        Assert.Equal(name != "anthropic", body.RootElement.TryGetProperty("temperature", out var temperature) && temperature.GetDouble() == 0.5);
        Assert.Contains("321", request.Body, StringComparison.Ordinal);
        Assert.Contains("Be brief.", request.Body, StringComparison.Ordinal);
        Assert.Contains("Greet me", request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task ToolCall_IsHandedOnAsTheModelWroteIt(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.ToolCall("call-9", "delegate", ["{\"to\":", "\"cto\",\"n\":2}"]));
        using var host = vendor.Host(server);

        var result = await host.RunAsync(Agent.With($"provider: {name}"), change: WithTool);

        Assert.Equal(TurnOutcome.ToolCalls, result.Outcome);
        var call = Assert.Single(result.ToolCalls);
        Assert.Equal(("call-9", "delegate"), (call.Id, call.Name));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse("""{"to":"cto","n":2}""").RootElement, JsonDocument.Parse(call.Arguments).RootElement), call.Arguments);
        Assert.Contains("\"delegate\"", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("Lets another agent work", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Conversation_WithToolResults_IsSentBack(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.Answer("ok"));
        using var host = vendor.Host(server);

        var result = await host.RunAsync(Agent.With($"provider: {name}"), change: request => WithTool(request) with
        {
            Turn = 2,
            Messages =
            [
                new(MessageRole.User, "Go"),
                new(MessageRole.Assistant, "I ask first.", [new("call-9", "delegate", """{"to":"cto"}"""), new("call-10", "delegate", "{}")]),
                new(MessageRole.Tool, "the cto says yes", ToolCallId: "call-9"),
                new(MessageRole.Tool, "nobody there", ToolCallId: "call-10"),
            ],
        });

        Assert.Equal("ok", result.Text);
        var body = server.Requests[0].Body;
        Assert.All(["I ask first.", "call-9", "call-10", "the cto says yes", "nobody there"], part => Assert.Contains(part, body, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task OutputSchema_IsSent(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.Answer("{\"score\":1}"));
        using var host = vendor.Host(server);

        var result = await host.RunAsync(Agent.With($"provider: {name}\noutput_schema: {{type: object, properties: {{score: {{type: integer}}}}, required: [score], additionalProperties: false}}"));

        Assert.Equal("{\"score\":1}", result.Text);
        Assert.Contains("\"json_schema\"", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"score\"", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task RateLimit_IsRetryableAfterWhatTheHeaderSays(string name)
    {
        var vendor = Vendor.Of(name);
        foreach (var (header, value, seconds) in ((string, string, double)[])[("retry-after", "7", 7), ("retry-after-ms", "1500", 1.5), ("retry-after", "Tue, 01 Jan 2030 00:00:20 GMT", 20)])
        {
            await using var server = await VendorServer.StartAsync(429, vendor.Format.Error("rate_limit", "Slow down"), (header, value));
            using var host = vendor.Host(server);

            var failure = (await host.RunAsync(Agent.With($"provider: {name}"))).Failure!;

            Assert.Equal((FailureKinds.RateLimited, true), (failure.Kind, failure.Retryable));
            Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
            Assert.Contains("429: Slow down", failure.Message, StringComparison.Ordinal);
            Assert.Single(server.Requests);
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task ServerErrors_AreRetryable_AndNotRetriedHere(string name)
    {
        var vendor = Vendor.Of(name);
        foreach (var status in (int[])[408, 409, 500, 502, 503, 529])
        {
            await using var server = await VendorServer.StartAsync(status, "<html>broken</html>");
            using var host = vendor.Host(server);

            var failure = (await host.RunAsync(Agent.With($"provider: {name}"))).Failure!;

            Assert.Equal((FailureKinds.ProviderUnavailable, true), (failure.Kind, failure.Retryable));
            Assert.Contains($"{name} answered {status}: <html>broken</html>", failure.Message, StringComparison.Ordinal);
            Assert.Single(server.Requests);
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task ClientErrors_AreForGood(string name)
    {
        var vendor = Vendor.Of(name);
        foreach (var (status, kind) in ((int, string)[])[(400, FailureKinds.BadRequest), (401, FailureKinds.Unauthorized), (403, FailureKinds.Unauthorized), (404, FailureKinds.BadRequest), (422, FailureKinds.BadRequest), (307, FailureKinds.BadRequest)])
        {
            await using var server = await VendorServer.StartAsync(status, vendor.Format.Error("some_error", $"The key {Vendor.Key} or sk-abcdefgh12345678 is wrong"), ("Location", "http://127.0.0.1:9/"));
            using var host = vendor.Host(server);

            var failure = (await host.RunAsync(Agent.With($"provider: {name}"))).Failure!;

            Assert.Equal((kind, false), (failure.Kind, failure.Retryable));
            Assert.DoesNotContain(Vendor.Key, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-abcdefgh", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task ContentFilter_IsForGood(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.Filtered());
        await using var refusing = await VendorServer.StartAsync(400, vendor.Format.Error("content_filter", "Filtered"));
        using var host = vendor.Host(server);
        using var refused = vendor.Host(refusing);

        var inAnswer = (await host.RunAsync(Agent.With($"provider: {name}"))).Failure!;
        var atOnce = (await refused.RunAsync(Agent.With($"provider: {name}"))).Failure!;

        Assert.Equal((FailureKinds.ContentFilter, false), (inAnswer.Kind, inAnswer.Retryable));
        Assert.Equal((FailureKinds.ContentFilter, false), (atOnce.Kind, atOnce.Retryable));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task CutOff_IsRetryable(string name)
    {
        var vendor = Vendor.Of(name);
        foreach (var ending in (Ending[])[Ending.Clean, Ending.Abort])
        {
            await using var server = await VendorServer.StartStreamAsync(vendor.Format.Beginning("Half an ans"), ending);
            using var host = vendor.Host(server);

            var failure = (await host.RunAsync(Agent.With($"provider: {name}"))).Failure!;

            Assert.Equal((FailureKinds.ProviderUnavailable, true), (failure.Kind, failure.Retryable));
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task BadJson_IsRetryable(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.Garbage());
        using var host = vendor.Host(server);

        var failure = (await host.RunAsync(Agent.With($"provider: {name}"))).Failure!;

        Assert.Equal((FailureKinds.ProviderError, true), (failure.Kind, failure.Retryable));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Cancel_StopsTheCallAtTheServer(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.Beginning("Thinking"), Ending.Never);
        using var host = vendor.Host(server);
        using var cancel = new CancellationTokenSource();
        var running = host.RunAsync(Agent.With($"provider: {name}"), cancellationToken: cancel.Token);
        await server.Streaming;

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await server.Disconnected.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Timeout_StopsTheCallAndIsRetryable(string name)
    {
        var vendor = Vendor.Of(name);
        await using var server = await VendorServer.StartStreamAsync(vendor.Format.Beginning("Thinking"), Ending.Never);
        using var host = vendor.Host(server, $"Providers:{name}:Timeout=00:00:20");
        var running = host.RunAsync(Agent.With($"provider: {name}"));
        await server.Streaming;

        host.Time.Advance(TimeSpan.FromSeconds(20));

        var failure = (await running).Failure!;
        Assert.Equal((FailureKinds.TimedOut, true), (failure.Kind, failure.Retryable));
        await server.Disconnected.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task NobodyListening_IsRetryable_AndLetsHybridFallBack(string name)
    {
        var vendor = Vendor.Of(name);
        var server = await VendorServer.StartAsync(200, "");
        using var host = vendor.Host(server);
        await server.DisposeAsync();

        var failure = (await host.RunAsync(Agent.With($"provider: {name}"))).Failure!;
        var hybrid = await host.RunAsync(Agent.With($"provider: {name}"), change: request => request with { Mode = Core.Definitions.ExecutionMode.Hybrid });

        Assert.Equal((FailureKinds.ProviderUnavailable, true), (failure.Kind, failure.Retryable));
        Assert.Equal((TurnOutcome.NeedsPerson, FailureKinds.ProviderUnavailable), (hybrid.Outcome, hybrid.FallbackReason));
    }

    private static AgentTurnRequest WithTool(AgentTurnRequest request) => request with
    {
        Tools = [new("delegate", "Lets another agent work", """{"type":"object","properties":{"to":{"type":"string"},"n":{"type":"integer"}}}""")],
    };
}
