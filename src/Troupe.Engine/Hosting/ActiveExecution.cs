using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>One execution in memory: its record as last committed, its code, and the messages that it has not consumed.</summary>
internal sealed class ActiveExecution
{
    private ActiveExecution(InstanceRecord record, OrchestrationMachine machine, DateTime lastTime)
    {
        Record = record;
        Machine = machine;
        LastTime = lastTime;
    }

    public InstanceRecord Record { get; private set; }

    public OrchestrationMachine Machine { get; private set; }

    /// <summary>The time of the last step: the next one's is not earlier.</summary>
    public DateTime LastTime { get; private set; }

    /// <summary>What comes before everything else in the first step.</summary>
    public IReadOnlyList<Message> Carried { get; private set; } = [];

    /// <summary>Runs the recorded steps through fresh code.</summary>
    /// <exception cref="OrchestrationBlockedException"/>
    public static ActiveExecution Restore(InstanceSnapshot snapshot, Func<InstanceRecord, OrchestrationMachine> create)
    {
        var machine = create(snapshot.Record);
        machine.Replay(snapshot.History);
        var lastTime = snapshot.History.Count > 0 ? snapshot.History[^1].Time : snapshot.Record.UpdatedAt;
        return new ActiveExecution(snapshot.Record, machine, lastTime) { Carried = snapshot.Carried };
    }

    /// <summary>The step's time: the clock's, but never before the last step or a timer that has fired.</summary>
    public DateTime NextTime(DateTime now, IReadOnlyList<(int TimerId, DateTime FireAt)> fired)
    {
        var time = now > LastTime ? now : LastTime;
        return fired.Count > 0 && fired[^1].FireAt > time ? fired[^1].FireAt : time;
    }

    /// <summary>Takes over the record of an instance that was just stored.</summary>
    public void Stored(InstanceRecord record) => (Record, LastTime) = (record, record.UpdatedAt);

    public void Unblocked() => Record = Record with { BlockedReason = null };

    /// <summary>Takes over what was committed, and returns why the next execution cannot begin, if so: its code is not there.</summary>
    public OrchestrationBlockedException? Committed(StepCommit commit, Func<InstanceRecord, OrchestrationMachine> create)
    {
        Record = commit.After;
        LastTime = commit.Step.Time;
        Carried = commit.Carried;
        if (!commit.StartsNextExecution) return null;
        try
        {
            Machine = create(commit.After);
            return null;
        }
        catch (OrchestrationBlockedException exception)
        {
            return exception;
        }
    }
}
