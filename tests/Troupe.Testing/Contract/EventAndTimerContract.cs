using Troupe.Durable;
using Xunit;

namespace Troupe.Testing.Contract;

[Trait("Contract", "Portable")]
public abstract class EventAndTimerContract : ContractSuite
{
    [Fact]
    public async Task Timer_ThatIsDue_FiresNotBeforeItsTime()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, double>("Sleep", async (context, milliseconds) =>
        {
            var start = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
            return (context.CurrentUtcDateTime - start).TotalMilliseconds;
        }));

        var slept = double.Parse((await engine.RunAsync("Sleep", 50)).SerializedOutput!, System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(slept >= 50, $"It fired after {slept} ms.");
    }

    [Fact]
    public async Task Timer_Cancelled_EndsTheWaitAndLetsTheInstanceEnd()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, bool>("CancelTimer", async (context, _) =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(30), stop.Token);
            CancelNow(stop);
            try
            {
                await timer;
                return false;
            }
            catch (TaskCanceledException)
            {
                return true;
            }
        }));

        Assert.Equal("true", (await engine.RunAsync("CancelTimer")).SerializedOutput);
    }

    [Fact]
    public async Task WaitForEvent_TimeIsUp_IsCancelled()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, string>("Wait", async (context, _) =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("never", TimeSpan.FromMilliseconds(20));
            }
            catch (TaskCanceledException)
            {
                return "timed out";
            }
        }));

        Assert.Equal("\"timed out\"", (await engine.RunAsync("Wait")).SerializedOutput);
    }

    [Fact]
    public async Task WaitForEvent_EventComesFirst_CancelsTheTimer()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, string>(
            "Wait", (context, _) => context.WaitForExternalEvent<string>("go", TimeSpan.FromDays(10))));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await engine.UntilAsync(id, static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);

        await engine.Client.RaiseEventAsync(id, "GO", "gone");

        Assert.Equal("\"gone\"", (await engine.EndAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_IsReceived()
    {
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, string>("Receive", (context, _) => context.WaitForExternalEvent<string>("letter"))
            .Orchestrator<string, int>("Send", (context, to) =>
            {
                context.SendEvent(to, "letter", "hello");
                return Task.FromResult(0);
            }));
        var receiver = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Receive");
        await engine.UntilAsync(receiver, static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);

        await engine.RunAsync("Send", receiver);

        Assert.Equal("\"hello\"", (await engine.EndAsync(receiver)).SerializedOutput);
    }

    protected static void CancelNow(CancellationTokenSource source) => source.Cancel();
}
