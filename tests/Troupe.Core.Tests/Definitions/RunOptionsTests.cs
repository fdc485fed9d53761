using System.Text.Json;
using Troupe.Core.Definitions;

namespace Troupe.Core.Tests.Definitions;

public sealed class RunOptionsTests
{
    [Fact]
    public void Read_EveryOption_IsTaken()
    {
        var result = RunOptionsReader.Read(JsonElement.Parse("""
            {"timeout": 90, "max_retries": 0, "retry_backoff": "fixed", "priority": "low", "callback_url": "http://example.org:8080/x?y=1",
             "on_completion": "notify", "on_failure": "continue", "max_concurrency": 500, "budget": {"tokens": 5}, "tags": ["a"],
             "metadata": {"k": [1, {"z": null}]}, "mode": "interactive", "use_direct_llm": true, "start_at": "2030-01-31T09:00:00+01:00", "requires_approval": false}
            """));
        Assert.Empty(result.Problems);
        var options = result.Options;
        Assert.Equal((TimeSpan.FromSeconds(90), 0, RetryBackoff.Fixed, Priority.Low), (options.Timeout, options.MaxRetries, options.RetryBackoff, options.Priority));
        Assert.Equal((new DateTimeOffset(2030, 1, 31, 8, 0, 0, TimeSpan.Zero), 5L, false), (options.StartAt, options.Budget!.Tokens, options.RequiresApproval));
        Assert.Equal("""[1,{"z":null}]""", options.Metadata["k"].GetRawText());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("{}")]
    public void Read_Nothing_IsNoOption(string? json)
    {
        var result = RunOptionsReader.Read(json is null ? null : JsonElement.Parse(json));
        Assert.Empty(result.Problems);
        Assert.Null(result.Options.Timeout);
    }

    [Theory]
    [InlineData("""[]""", "/options", "must be a JSON object")]
    [InlineData("""{"timeout": 0}""", "/options/timeout", "above 0 and at most 3650 days; found 0 s")]
    [InlineData("""{"timeout": -1}""", "/options/timeout", "must be a duration")]
    [InlineData("""{"timeout": {"h": 1}}""", "/options/timeout", "found a mapping")]
    [InlineData("""{"max_retries": -1}""", "/options/max_retries", "0 to 20; found -1")]
    [InlineData("""{"max_retries": "3"}""", "/options/max_retries", "whole number; found \"3\"")]
    [InlineData("""{"max_concurrency": 501}""", "/options/max_concurrency", "1 to 500; found 501")]
    [InlineData("""{"retry_backoff": "exp"}""", "/options/retry_backoff", "one of exponential, linear, fixed; found \"exp\"")]
    [InlineData("""{"callback_url": "ftp://example.org"}""", "/options/callback_url", "absolute http or https address")]
    [InlineData("""{"callback_url": "javascript:alert(1)"}""", "/options/callback_url", "absolute http or https address")]
    [InlineData("""{"callback_url": "https://me:secret@example.org"}""", "/options/callback_url", "must not carry a user name")]
    [InlineData("""{"start_at": "2030-01-01T00:00:00Z", "start_after": 1}""", "/options/start_at", "exclude each other")]
    [InlineData("""{"start_at": "2030-01-01"}""", "/options/start_at", "must be a time such as")]
    [InlineData("""{"budget": {"usd": -1}}""", "/options/budget/usd", "above 0; found -1")]
    [InlineData("""{"budget": {"tokens": 0.5}}""", "/options/budget/tokens", "above 0; found 0")]
    [InlineData("""{"budget": {"tokens": 1e30}}""", "/options/budget/tokens", "must be a number; found the number 1e30")]
    [InlineData("""{"budget": {"time": 0}}""", "/options/budget/time", "above 0; found 0 s")]
    [InlineData("""{"budget": {"eur": 1}}""", "/options/budget/eur", "no key \"eur\"")]
    [InlineData("""{"tags": [""]}""", "/options/tags/0", "1 to 64 printable characters")]
    [InlineData("""{"tags": ["a\u0007"]}""", "/options/tags/0", "1 to 64 printable characters")]
    [InlineData("""{"tags": [["a"]]}""", "/options/tags", "a name or a list of names; found a list")]
    [InlineData("""{"metadata": []}""", "/options/metadata", "must be a mapping")]
    [InlineData("""{"on_completion": "launch"}""", "/options/on_completion", "\"launch\" needs either a workflow")]
    [InlineData("""{"on_completion": {"launch": {"workflow": "w", "agent": "a", "prompt": "p"}}}""", "/options/on_completion", "either a workflow, or an agent")]
    [InlineData("""{"on_completion": {"launch": {"agent": "a"}}}""", "/options/on_completion", "belong together")]
    [InlineData("""{"on_completion": {"launch": {"agent": "a", "prompt": "{{inputs.x}}"}}}""", "/options/on_completion", "In the prompt, line 1, column 3")]
    [InlineData("""{"on_completion": {"action": "notify", "workflow": "w"}}""", "/options/on_completion", "belong to launch")]
    [InlineData("""{"on_completion": {"launch": []}}""", "/options/on_completion/launch", "a workflow's name, or a mapping")]
    [InlineData("""{"on_completion": {"launch": {"workflow": "w", "x": 1}}}""", "/options/on_completion/launch/x", "no key \"x\"")]
    [InlineData("""{"on_completion": 3}""", "/options/on_completion", "one of none, notify, callback, launch; found the number 3")]
    [InlineData("""{"requires_aproval": true}""", "/options/requires_aproval", "Did you mean \"requires_approval\"?")]
    public void Read_Mistake_NamesThePlace(string json, string pointer, string message)
    {
        var problem = Assert.Single(RunOptionsReader.Read(JsonElement.Parse(json)).Problems);
        Assert.Equal(pointer, problem.Pointer);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Sizes_AreBounded()
    {
        var options = new RunOptions
        {
            Tags = [.. Enumerable.Range(0, 21).Select(i => $"t{i}")],
            Metadata = new Dictionary<string, JsonElement> { ["k"] = JsonSerializer.SerializeToElement(new string('x', 16_000)) },
            CallbackUrl = new Uri($"https://example.org/{new string('x', 2048)}"),
            StartAfter = TimeSpan.FromSeconds(-1),
        };
        Assert.Equal(
            ["/o/start_after", "/o/tags", "/o/callback_url", "/o/metadata"],
            RunOptionsValidator.Validate(options, "/o").Select(problem => problem.Pointer));
        Assert.Single(RunOptionsValidator.Validate(new RunOptions { Tags = [new string('t', 65)] }, ""));
        Assert.Empty(RunOptionsValidator.Validate(new RunOptions { Tags = [new string('t', 64)] }, ""));
        Assert.Single(RunOptionsValidator.Validate(new RunOptions { CallbackUrl = new Uri("/relative", UriKind.Relative) }, ""));
    }

    [Fact]
    public void Read_HostileOptions_StopsEarly()
    {
        var json = $"{{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"k{i}\":1"))}}}";
        Assert.Equal(100, RunOptionsReader.Read(JsonElement.Parse(json)).Problems.Count);
    }
}
