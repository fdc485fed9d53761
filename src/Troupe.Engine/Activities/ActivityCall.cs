using Troupe.Engine.Replay;

namespace Troupe.Engine.Activities;

/// <summary>One recorded call of an activity by one execution of one instance.</summary>
internal sealed record ActivityCall(string InstanceId, long InstanceKey, int Execution, ActivityScheduled Scheduled)
{
    public (int Execution, int TaskId) Id => (Execution, Scheduled.TaskId);
}
