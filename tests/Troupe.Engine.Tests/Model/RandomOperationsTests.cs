using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Model;

/// <summary>Random sequences of operations on a few instances, checked against a model of a dozen lines.</summary>
public sealed class RandomOperationsTests
{
    private const int Instances = 3;

    public enum Kind
    {
        Raise,
        RaiseAgain,
        Suspend,
        Resume,
        Terminate,
        Rewind,
        RestartEngine,
    }

    [Fact]
    public void AnySequence_EndsAsTheModelSays()
    {
        var kinds = Gen.Frequency(
            (12, Gen.Constant(Kind.Raise)), (4, Gen.Constant(Kind.RaiseAgain)), (3, Gen.Constant(Kind.Suspend)), (4, Gen.Constant(Kind.Resume)),
            (1, Gen.Constant(Kind.Terminate)), (1, Gen.Constant(Kind.Rewind)), (2, Gen.Constant(Kind.RestartEngine)));
        var operation = from kind in kinds from instance in Gen.Choose(0, Instances - 1) select (Kind: kind, Instance: instance);

        Prop.ForAll(operation.ListOf().ToArbitrary(), CheckAsync).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private static async Task CheckAsync(List<(Kind Kind, int Instance)> operations)
    {
        using var folder = new TemporaryFolder();
        var model = Enumerable.Range(0, Instances).Select(static _ => new Model()).ToList();
        var engine = await StartAsync(folder);
        try
        {
            for (var i = 0; i < Instances; i++)
                await engine.Client.ScheduleNewOrchestrationInstanceAsync("Collect", null, new StartOrchestrationOptions(Id(i)));
            foreach (var (kind, instance) in operations)
            {
                if (kind == Kind.RestartEngine)
                {
                    await engine.DisposeAsync();
                    engine = await StartAsync(folder);
                }
                else
                {
                    await ApplyAsync(engine.Client, kind, Id(instance), model[instance]);
                }
            }

            for (var i = 0; i < Instances; i++) await CheckEndAsync(engine, Id(i), model[i]);
        }
        finally
        {
            await engine.DisposeAsync();
        }
    }

    private static async Task ApplyAsync(IOrchestrationClient client, Kind kind, string id, Model model)
    {
        try
        {
            switch (kind)
            {
                case Kind.Raise:
                    model.Raised++;
                    await client.RaiseEventAsync(id, "number", model.Raised, Delivery(model.Raised));
                    break;
                case Kind.RaiseAgain when model.Raised > 0:
                    await client.RaiseEventAsync(id, "NUMBER", -1, Delivery(model.Raised));
                    break;
                case Kind.Suspend:
                    await client.SuspendInstanceAsync(id);
                    break;
                case Kind.Resume:
                    await client.ResumeInstanceAsync(id);
                    break;
                case Kind.Terminate:
                    await client.TerminateInstanceAsync(id, "terminated");
                    model.Terminated = true;
                    break;
                case Kind.Rewind:
                    await Assert.ThrowsAsync<OrchestrationInvalidStateException>(() => client.RewindInstanceAsync(id, "not failed"));
                    break;
            }
        }
        catch (OrchestrationInvalidStateException) when (model.Terminated)
        {
            // Whether the termination has been carried out yet is a matter of milliseconds.
        }
    }

    private static async Task CheckEndAsync(ContractEngine engine, string id, Model model)
    {
        if (!model.Terminated)
        {
            await engine.Client.ResumeInstanceAsync(id);
            await engine.Client.RaiseEventAsync(id, "number", 0);
        }

        var end = await engine.EndAsync(id);
        Assert.Equal(model.Terminated ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(model.Terminated ? "\"terminated\"" : model.Output, end.SerializedOutput);
    }

    private static Task<EngineFixture> StartAsync(TemporaryFolder folder) => EngineFixture.StartAsync(
        new DurableTaskRegistry()
            .Activity<int, int>("Triple", n => n * 3)
            .Orchestrator<List<int>, List<int>>("Collect", async (context, got) =>
            {
                got ??= [];
                for (var i = 0; i < 4; i++)
                {
                    var number = await context.WaitForExternalEvent<int>("number");
                    if (number == 0) return got;
                    got.Add(await context.CallActivityAsync<int>("Triple", number));
                }

                context.ContinueAsNew(got);
                return got;
            }),
        folder,
        configure: static options => options.MaxLiveInstances = 2);

    private static string Id(int instance) => string.Create(CultureInfo.InvariantCulture, $"instance-{instance}");

    private static string Delivery(int number) => string.Create(CultureInfo.InvariantCulture, $"delivery-{number}");

    private sealed class Model
    {
        public int Raised { get; set; }

        public bool Terminated { get; set; }

        public string Output => $"[{string.Join(",", Enumerable.Range(1, Raised).Select(static n => n * 3))}]";
    }
}
