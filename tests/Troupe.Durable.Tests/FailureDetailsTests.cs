namespace Troupe.Durable.Tests;

public sealed class FailureDetailsTests
{
    [Fact]
    public void FromException_WithCauses_KeepsFiveLevels()
    {
        Exception exception = new InvalidDataException("0");
        for (var i = 1; i <= 9; i++) exception = new InvalidOperationException($"{i}", exception);

        var messages = new List<string>();
        for (var details = FailureDetails.FromException(exception); details is not null; details = details.InnerFailure) messages.Add(details.ErrorMessage);

        Assert.Equal(["9", "8", "7", "6", "5"], messages);
    }

    [Fact]
    public void TaskFailedException_NamesTaskNumberAndCause() =>
        Assert.Equal(
            "Task 'Charge' (#3) failed with an unhandled exception: no money",
            new TaskFailedException("Charge", 3, new FailureDetails("E", "no money")).Message);

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed, true)]
    [InlineData(OrchestrationRuntimeStatus.Failed, true)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, true)]
    [InlineData(OrchestrationRuntimeStatus.Canceled, true)]
    [InlineData(OrchestrationRuntimeStatus.Running, false)]
    [InlineData(OrchestrationRuntimeStatus.Pending, false)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, false)]
    [InlineData(OrchestrationRuntimeStatus.ContinuedAsNew, false)]
    public void IsTerminal_OnlyWhereNoStepFollows(OrchestrationRuntimeStatus status, bool terminal) => Assert.Equal(terminal, status.IsTerminal());
}
