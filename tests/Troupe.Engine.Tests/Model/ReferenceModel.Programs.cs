using System.Globalization;
using Troupe.Durable;

namespace Troupe.Engine.Tests.Model;

/// <summary>How the programs of instances run: what each instruction begins, and when it has ended.</summary>
internal sealed partial class ReferenceModel
{
    private bool RunProgram(ModelInstance instance)
    {
        var any = false;
        while (Progress(instance)) any = true;
        return any;
    }

    /// <summary>Takes the program one step on where what it waits for is there.</summary>
    private bool Progress(ModelInstance instance)
    {
        if (instance.IsSuspended || instance.Returned is not null) return false;
        if (instance.At == instance.Input.Program.Count)
        {
            instance.Returned = true;
            return true;
        }

        if (instance.Tasks.Count > 0) return FinishTasks(instance);
        if (instance.Awaited is not null || instance.TimerDue is not null) return FinishWait(instance);
        Open(instance);
        return true;
    }

    private bool Conclude(ModelInstance instance)
    {
        if (instance.Returned is null || instance.IsSuspended || instance.Background.Count > 0) return false;
        if (instance.Returned == false) End(instance, OrchestrationRuntimeStatus.Failed, null);
        else if (instance.At < instance.Input.Program.Count) ContinueAsNew(instance);
        else End(instance, OrchestrationRuntimeStatus.Completed, instance.Trace);
        return true;
    }

    private void ContinueAsNew(ModelInstance instance)
    {
        var next = new ModelInstance(instance.Id, instance.Input with { At = instance.At + 1, Trace = instance.Trace }, instance.ParentId)
        {
            Status = OrchestrationRuntimeStatus.Running,
            Clock = instance.Clock,
            CustomStatus = instance.CustomStatus,
        };
        next.Kept.AddRange(instance.Kept);
        next.Inbox.AddRange(instance.Inbox);
        next.Deliveries.UnionWith(instance.Deliveries);
        _instances[instance.Id] = next;
    }

    private bool FinishTasks(ModelInstance instance)
    {
        if (instance.Tasks.Exists(static task => task.IsOpen)) return false;
        var failed = instance.Tasks.Exists(static task => task.State == ModelTaskState.Failed);
        if (failed && !instance.Current.Caught)
        {
            instance.Returned = false;
            return true;
        }

        Next(instance, failed ? "caught" : string.Join(",", instance.Tasks.Select(static task => task.Result)));
        return true;
    }

    private static bool CanReceive(ModelInstance instance) => instance.Awaited is not null && instance.Kept.Exists(kept => IsAwaited(instance, kept));

    private static bool IsAwaited(ModelInstance instance, ModelMessage.Event raised) =>
        string.Equals(raised.Name, instance.Awaited, StringComparison.OrdinalIgnoreCase);

    private static bool FinishWait(ModelInstance instance)
    {
        if (CanReceive(instance))
        {
            var received = instance.Kept.Find(kept => IsAwaited(instance, kept))!;
            instance.Kept.Remove(received);
            Next(instance, received.Payload);
            return true;
        }

        if (!instance.TimerHasFired) return false;
        Next(instance, instance.Awaited is null ? "slept" : "timeout");
        return true;
    }

    private static void Next(ModelInstance instance, string result)
    {
        instance.Trace += result + ";";
        instance.At++;
        instance.Tasks.Clear();
        (instance.Awaited, instance.TimerDue, instance.TimerHasFired) = (null, null, false);
    }

    /// <summary>Begins an instruction.</summary>
    private void Open(ModelInstance instance)
    {
        var instruction = instance.Current;
        switch (instruction.Step)
        {
            case Step.Work or Step.Service or Step.Held:
                instance.Tasks.Add(Call(instance, instruction.Step, 0) with { Retries = true });
                break;
            case Step.FanOut:
                instance.Tasks.AddRange([Call(instance, Step.Work, 0), Call(instance, Step.Service, 1), Call(instance, Step.Held, 2)]);
                break;
            case Step.Wait or Step.WaitFor:
                instance.Awaited = instruction.Name;
                if (instruction.Step == Step.WaitFor) instance.TimerDue = instance.Clock.AddSeconds(instruction.Seconds);
                break;
            case Step.Sleep:
                instance.TimerDue = instance.Clock.AddSeconds(instruction.Seconds);
                break;
            case Step.Children:
                for (var branch = 0; branch < instruction.Programs!.Count; branch++)
                {
                    var child = Create(ChildId(instance.Id, instance.At, branch), new ProgramInput(instruction.Programs[branch]), instance.Id, instance.Clock, Now);
                    instance.Tasks.Add(new ModelTask(Step.Children, child.Id, ModelTaskState.Running));
                }

                break;
            case Step.ContinueAsNew:
                instance.Returned = true;
                break;
            case Step.Throw:
                instance.Returned = false;
                break;
            default:
                ActAtOnce(instance, instruction);
                break;
        }
    }

    private void ActAtOnce(ModelInstance instance, Instruction instruction)
    {
        switch (instruction.Step)
        {
            case Step.Background:
                instance.Background.Add(instance.Clock.AddSeconds(instruction.Seconds));
                Next(instance, "left");
                break;
            case Step.Status:
                instance.CustomStatus = instruction.Name;
                Next(instance, "told");
                break;
            case Step.Send:
                _ = Send(instruction.Target, new ModelMessage.Event(instruction.Name, Answers.SentPayload));
                Next(instance, "sent");
                break;
        }
    }

    private static ModelTask Call(ModelInstance instance, Step kind, int branch) =>
        new(kind, string.Create(CultureInfo.InvariantCulture, $"{instance.Id}/{instance.At}/{branch}"), ModelTaskState.Ready);
}
