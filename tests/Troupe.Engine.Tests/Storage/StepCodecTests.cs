using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Testing.Histories;

namespace Troupe.Engine.Tests.Storage;

public sealed class StepCodecTests
{
    private static readonly HistoryFolder Folder = HistoryFolder.In("../Histories");

    public static TheoryData<string> Recorded => [.. Folder.Files];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void DecodeStep_EveryRecordedStep_LosesNothing(string file)
    {
        var history = Folder.Read(file);

        var decoded = history with { Steps = [.. history.Steps.Select(static step => StepCodec.DecodeStep(StepCodec.Encode(step, Inline.Instance), Inline.Instance, "A step"))] };

        Assert.Equal(history.Print(), decoded.Print());
    }

    [Fact]
    public void DecodeStep_BytesLeftOver_IsUnreadable()
    {
        var step = new Step(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), [new ExecutionStarted("1")], [new TimerCancelled(1)]);

        var unreadable = Assert.Throws<UnreadableRecordException>(
            () => StepCodec.DecodeStep([.. StepCodec.Encode(step, Inline.Instance), 0], Inline.Instance, "A step"));

        Assert.Contains("1 bytes are left over", unreadable.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DecodeMessages_BytesLeftOver_IsUnreadable() => Assert.Throws<UnreadableRecordException>(
        static () => StepCodec.DecodeMessages([.. StepCodec.Encode([new ExecutionStarted("1")], Inline.Instance), 0], Inline.Instance, "A message"));

    [Fact]
    public void DecodeStep_RewoundStep_KnowsWhatWasSentBefore()
    {
        EventSent[] sent = [new("other", "told", "1"), new("other", "told", null)];
        var step = new Step(
            new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            [new ExecutionRewound("why") { Sent = sent }, new ExecutionRewound(null)],
            [sent[0] with { WasSentBefore = true }, sent[1]]);

        var decoded = StepCodec.DecodeStep(StepCodec.Encode(step, Inline.Instance), Inline.Instance, "A step");

        Assert.Equal(sent, Assert.IsType<ExecutionRewound>(decoded.Messages[0]).Sent);
        Assert.Equal(new ExecutionRewound(null), decoded.Messages[1]);
        Assert.Equal(step.Decisions, decoded.Decisions);
    }

    [Fact]
    public void DecodeMessages_RewindThatTellsOfNothingSent_IsReadAsEver() => Assert.Equal(
        [new ExecutionRewound("why")], StepCodec.DecodeMessages(Convert.FromHexString("0102090106776879"), Inline.Instance, "A message"));

    /// <summary>Nothing here is too large for a step.</summary>
    private sealed class Inline : IPayloadSink, IPayloadSource
    {
        public static readonly Inline Instance = new();

        public long Store(byte[] utf8) => throw new InvalidOperationException($"{utf8.Length} bytes are small enough for a step.");

        public string Load(long reference) => throw new InvalidOperationException($"No payload {reference} was stored.");
    }
}
