using System.Text;
using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Providers.Simulated;

public sealed class SimulatedProviderTests : IDisposable
{
    private readonly AgentsHost host = AgentsHost.Create();

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Output_PlaceholdersAreFilledOnce()
    {
        var result = await host.RunAsync(Agent.Simulated("{output: '{{agent}} #{{attempt}}.{{turn}}: {{prompt}}'}"), "say {{agent}}");

        Assert.Equal("helper #1.1: say {{agent}}", result.Text);
        Assert.True(result.Simulated);
    }

    [Fact]
    public async Task Latency_PassesByTheClock()
    {
        var running = host.RunAsync(Agent.Simulated("{latency: 2s, output: done}"));

        host.Time.Advance(TimeSpan.FromSeconds(1.999));
        Assert.False(running.IsCompleted);
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("done", (await running).Text);
    }

    [Fact]
    public async Task Latency_IsCancellable()
    {
        using var cancel = new CancellationTokenSource();
        var running = host.RunAsync(Agent.Simulated("{latency: 30s}"), cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(0, host.Time.ActiveTimers);
    }

    [Fact]
    public async Task Jitter_IsFixedByThePromptAndWithinBounds()
    {
        var agent = Agent.Simulated("{latency: 1s, jitter: 500ms, output: done}");
        var latencies = new List<TimeSpan>();
        foreach (var prompt in new[] { "a", "b", "c", "d", "a" })
        {
            var running = host.RunAsync(agent, prompt);
            var waited = TimeSpan.Zero;
            for (; host.Time.ActiveTimers > 0; waited += TimeSpan.FromMilliseconds(1))
                host.Time.Advance(TimeSpan.FromMilliseconds(1));
            latencies.Add(waited);
            await running;
        }

        Assert.All(latencies, latency => Assert.InRange(latency.TotalMilliseconds, 500, 1500));
        Assert.Equal(latencies[0], latencies[4]);
        Assert.True(latencies.Distinct().Count() >= 3);
    }

    [Theory]
    [InlineData("transient", FailureKinds.ProviderUnavailable, true)]
    [InlineData("permanent", FailureKinds.BadRequest, false)]
    [InlineData("timeout", FailureKinds.TimedOut, true)]
    [InlineData("rate_limited", FailureKinds.RateLimited, true)]
    public async Task FailTimes_CountsAttempts(string kind, string expected, bool retryable)
    {
        var agent = Agent.Simulated($"{{fail_times: 2, fail_kind: {kind}, retry_after: 3s, output: done}}");

        var second = await host.RunAsync(agent, change: request => request with { Attempt = 2 });
        var third = await host.RunAsync(agent, change: request => request with { Attempt = 3 });

        Assert.Equal((TurnOutcome.Failed, expected, retryable), (second.Outcome, second.Failure!.Kind, second.Failure.Retryable));
        Assert.Equal(TimeSpan.FromSeconds(3), second.Failure.RetryAfter);
        Assert.Equal("done", third.Text);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("forever")]
    public async Task FailTimes_Forever_NeverSucceeds(string times)
    {
        var result = await host.RunAsync(Agent.Simulated($"{{fail_times: {times}}}"), change: request => request with { Attempt = 1000 });

        Assert.Equal(TurnOutcome.Failed, result.Outcome);
    }

    [Theory]
    [InlineData("{output_bytes: 1048576}", 1_048_576)]
    [InlineData("{output_bytes: 10, output: 'äöü'}", 10)]
    [InlineData("{output_bytes: 0}", 0)]
    public async Task OutputBytes_IsExact(string script, int bytes) =>
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount((await host.RunAsync(Agent.Simulated(script))).Text));

    [Fact]
    public async Task ToolCalls_ComeTurnByTurn_ThenTheAnswer()
    {
        var agent = Agent.Simulated("{tool_calls: [{name: first, arguments: {a: 1}}, [{name: second}, {name: third}]], output: end}");

        var one = await host.RunAsync(agent);
        var two = await host.RunAsync(agent, change: request => request with { Turn = 2 });
        var three = await host.RunAsync(agent, change: request => request with { Turn = 3 });

        Assert.Equal(new AgentToolCall("call_1_1", "first", """{"a":1}"""), Assert.Single(one.ToolCalls));
        Assert.Equal(TurnOutcome.ToolCalls, two.Outcome);
        Assert.Equal([("call_2_1", "second", "{}"), ("call_2_2", "third", "{}")], two.ToolCalls.Select(call => (call.Id, call.Name, call.Arguments)));
        Assert.Equal((TurnOutcome.Answer, "end"), (three.Outcome, three.Text));
    }

    [Fact]
    public async Task Tokens_AreReported_WithoutCost() =>
        Assert.Equal(new Usage(100, 50), (await host.RunAsync(Agent.Simulated("{input_tokens: 100, output_tokens: 50}"))).Usage);

    [Theory]
    [InlineData("{latency: soon}", "duration")]
    [InlineData("{latncy: 1s}", "latncy")]
    [InlineData("{fail_kind: loud}", "fail_kind")]
    [InlineData("{fail_times: -2}", "fail_times")]
    [InlineData("{output_bytes: -1}", "output_bytes")]
    [InlineData("{tool_calls: [{nam: x}]}", "nam")]
    public async Task WrongScript_IsAPermanentFailureThatNamesIt(string script, string says)
    {
        var result = await host.RunAsync(Agent.Simulated(script));

        Assert.Equal((FailureKinds.BadRequest, false), (result.Failure!.Kind, result.Failure.Retryable));
        Assert.Contains(says, result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_IsToldWhileItStreamsIn()
    {
        var seen = new List<int>();
        var running = host.RunAsync(
            Agent.Simulated("{latency: 1s, output_bytes: 100000}"), change: request => request with { OnText = text => seen.Add(text.Length) });

        host.Time.Advance(TimeSpan.FromSeconds(1));
        var result = await running;

        // A part of it, once: the next parts come faster than anybody could look.
        Assert.InRange(Assert.Single(seen), 1, result.Text.Length - 1);
    }

    [Fact]
    public async Task OutputSchema_IsMet()
    {
        var agent = Agent.With("""
            provider: simulated
            output_schema:
              type: object
              required: [title, score, severity, items, nested]
              properties:
                title: {type: string, maxLength: 20}
                score: {type: integer, minimum: 1, maximum: 5}
                severity: {enum: [low, high]}
                fixed: {const: 7}
                ok: {type: boolean}
                items: {type: array, minItems: 2, maxItems: 2, items: {$ref: "#/$defs/item"}}
                nested: {type: [object, "null"], properties: {ratio: {type: number}}}
              $defs:
                item: {type: object, properties: {file: {type: string}}}
            """);

        var result = await host.RunAsync(agent, "Judge the login page for the release");

        using var json = JsonDocument.Parse(result.Text);
        var root = json.RootElement;
        Assert.InRange(root.GetProperty("title").GetString()!.Length, 1, 20);
        Assert.InRange(root.GetProperty("score").GetInt32(), 1, 5);
        Assert.Contains(root.GetProperty("severity").GetString(), new[] { "low", "high" });
        Assert.Equal(7, root.GetProperty("fixed").GetInt32());
        Assert.Equal(2, root.GetProperty("items").GetArrayLength());
        Assert.All(root.GetProperty("items").EnumerateArray(), item => Assert.Contains("file", item.GetProperty("file").GetString(), StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Number, root.GetProperty("nested").GetProperty("ratio").ValueKind);
    }

    [Fact]
    public async Task OutputSchema_ThatRefersToItself_Ends()
    {
        var agent = Agent.With("provider: simulated\noutput_schema: {type: object, properties: {child: {$ref: '#'}}}");

        using var json = JsonDocument.Parse((await host.RunAsync(agent)).Text);

        Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("child").ValueKind);
    }

    [Theory]
    [InlineData("{type: array, minItems: 100, items: {$ref: '#'}}")]
    [InlineData("{type: [{}], $ref: 7, maxLength: -1}")]
    public async Task OutputSchema_Hostile_StaysSmall(string schema)
    {
        var result = await host.RunAsync(Agent.With($"provider: simulated\noutput_schema: {schema}"));

        Assert.InRange(result.Text.Length, 0, 10_000_000);
        Assert.NotEqual(FailureKinds.Internal, result.Failure?.Kind);
    }
}
