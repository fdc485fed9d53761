using Spectre.Console;
using Troupe.Cli.Running;
using Troupe.Cli.Terminal;
using Troupe.Client;
using Troupe.Testing;

namespace Troupe.Cli.Tests.Running;

public sealed class DisplayTests
{
    private static readonly ManualTimeProvider Time = new();
    private static readonly DateTimeOffset Now = Time.GetUtcNow();

    private static readonly RunSnapshot Sample = new(
        new WorkflowInfo
        {
            WorkflowId = "r",
            Name = "review-pr",
            Status = WorkStatus.Running,
            StartedAt = Now.AddMinutes(-2),
            Progress = new ProgressInfo { Percent = 42 },
            Usage = new UsageInfo(1_000, 234, 0.0123m),
            Phases =
            [
                new() { Id = "a", Title = "Analysis", Status = WorkStatus.Completed, StartedAt = Now.AddMinutes(-2), CompletedAt = Now.AddSeconds(-90) },
                new() { Id = "b", Title = "Review", Status = WorkStatus.Running, StartedAt = Now.AddSeconds(-90) },
                new() { Id = "c", Title = "Report", Status = WorkStatus.Queued },
            ],
        },
        [
            new() { TaskId = "r:1", WorkflowId = "r", Title = "Read the diff", Agent = "analyst", Status = WorkStatus.Completed, StartedAt = Now.AddMinutes(-2), CompletedAt = Now.AddSeconds(-90), Usage = new UsageInfo(1_000, 234, 0.0123m) },
            new() { TaskId = "r:2", WorkflowId = "r", Title = "Find bugs\u001b[2J\nnow", Agent = "code-reviewer", Status = WorkStatus.Running, Attempt = 2, StartedAt = Now.AddSeconds(-30) },
            new() { TaskId = "r:3", WorkflowId = "r", Key = "perf", Status = WorkStatus.Retrying, NextRetryAt = Now.AddSeconds(4), Error = new FailureInfo("rate_limited", "Too many requests") },
            new() { TaskId = "r:4", WorkflowId = "r", Title = "Sum up", Status = WorkStatus.Queued },
        ],
        [new("r:gate", "Ship it?", "troupe approve r:gate --url http://127.0.0.1:7070")]);

    [Fact]
    public void Live_Sample_IsAsRecorded()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 120;

        console.Write(TerminalDisplay.Draw(Sample, Time));

        Snapshot.MatchExactly("terminal-display", string.Join('\n', text.ToString().Split('\n').Select(static line => line.TrimEnd())));
    }

    [Fact]
    public void Plain_SameTwice_TellsEachChangeOnce()
    {
        using var text = new StringWriter();
        var display = new PlainDisplay(text, Time);

        display.Show(Sample);
        display.Show(Sample);
        display.Show(Sample with { Tasks = [.. Sample.Tasks.Take(3), Sample.Tasks[3] with { Status = WorkStatus.Skipped }] });

        Snapshot.MatchExactly("plain-display", text.ToString());
    }

    [Fact]
    public void Gates_RequestedThenClosed_AreGone()
    {
        var gates = new OpenGates(new Uri("http://127.0.0.1:7070"));
        void Hear(string type, string data) => gates.Hear(new RunEvent { Type = type, WorkflowId = "r", Data = System.Text.Json.JsonElement.Parse(data) });

        Hear("approval.requested", """{"gate":"r:1","title":"Ship it?","quorum":2}""");
        Hear("callback.awaited", """{"gate":"r:2","callback":"ci-done","title":"The pipeline reports"}""");
        Hear("question.asked", """{"gate":"r:3","title":"Which colour?"}""");
        Hear("task.started", "{}");
        Assert.Equal(
            ["troupe approve r:1 --url http://127.0.0.1:7070", "troupe callback r ci-done --url http://127.0.0.1:7070", "troupe answer r:3 … --url http://127.0.0.1:7070"],
            gates.Current.Select(static gate => gate.Remedy));
        Hear("approval.decided", """{"gate":"r:1","approved":true,"user":"ann"}""");
        Hear("approval.reminder", """{"gate":"r:1","title":"Ship it?","number":1}""");
        Hear("callback.received", """{"name":"ci-done","delivery_id":"d"}""");
        Hear("question.answered", """{"gate":"r:3","user":"ann"}""");
        Assert.Equal("r:1", Assert.Single(gates.Current).Id);
        Hear("approval.decided", """{"gate":"r:1","approved":true,"user":"bob"}""");

        Assert.Empty(gates.Current);
    }

    [Theory]
    [InlineData(0.04, "0.0s")]
    [InlineData(59.94, "59.9s")]
    [InlineData(61, "1m01s")]
    [InlineData(3_720, "1h02m")]
    [InlineData(90_000, "1d01h")]
    public void Elapsed_Seconds_AreReadable(double seconds, string expected) =>
        Assert.Equal(expected, Words.Elapsed(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Plain_ControlCharacters_AreDropped() =>
        Assert.Equal("]0;title[31mred\n\tend", Words.Plain("\u001b]0;title\u0007\u001b[31mred\n\tend\u009b"));
}
