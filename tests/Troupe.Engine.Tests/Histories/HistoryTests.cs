using System.Text.Json;
using Troupe.Engine.Replay;
using Troupe.Engine.Tests.Model;
using Troupe.Testing.Histories;

namespace Troupe.Engine.Tests.Histories;

/// <summary>Histories that releases have written, replayed for ever; folders of earlier releases are never changed.</summary>
public sealed class HistoryTests
{
    private static readonly HistoryFolder Folder = HistoryFolder.Beside();

    public static TheoryData<string> Recorded => [.. Folder.Files];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Replay_RecordedHistory_TodaysCodeDecidesTheSame(string file) =>
        Folder.Read(file).Replay(new Interpreter(), JsonSerializerOptions.Web);

    [Fact]
    public void Replay_ChangedCode_NamesTheIndexWhatWasRecordedAndWhatWasAttempted()
    {
        var history = Folder.Read(Path.Combine("0.1", "timeout", "a.json"));
        var changed = new ProgramInput([new Instruction(Model.Step.Work), new Instruction(Model.Step.Work)]);
        Message[] start = [new ExecutionStarted(JsonSerializer.Serialize(changed, JsonSerializerOptions.Web))];
        history = history with { Steps = [history.Steps[0] with { Messages = start }, .. history.Steps.Skip(1)] };

        var mismatch = Assert.Throws<NonDeterminismException>(() => history.Replay(new Interpreter(), JsonSerializerOptions.Web));

        Assert.Contains("at decision 0 (step 0)", mismatch.Message, StringComparison.Ordinal);
        Assert.Contains("recorded was timer due 2030-01-01T00:00:30", mismatch.Message, StringComparison.Ordinal);
        Assert.Contains("attempted activity 'Work' (#1)", mismatch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_EveryScenario_HasAHistory() =>
        Assert.All(RecordedScenarios.All.Keys, static name => Assert.Contains(Path.Combine("0.1", name, "a.json"), Folder.Files));
}
