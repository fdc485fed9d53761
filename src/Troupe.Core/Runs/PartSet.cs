using System.Globalization;
using Troupe.Core.Artifacts;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>
/// The parts of a run with more tasks than one instance may own. Parts share the run's permits: a part gets as many as are free, hands
/// back those that it no longer needs, and the next part gets them.
/// </summary>
internal sealed class PartSet(OrchestrationContext context, string runId, ArtifactRef plan, TaskWindow window, Action<Happening> post)
{
    /// <summary>Tasks in one part. Replay costs grow with the square of an instance's children.</summary>
    public const int Size = 250;

    private readonly List<Part> _parts = [];

    public bool Idle => _parts.TrueForAll(static part => part.Ended);

    public void Add(string name, IEnumerable<WorkUnit> units)
    {
        foreach (var chunk in units.Chunk(Size))
            _parts.Add(new Part(_parts.Count, RunIds.Child(runId, string.Create(CultureInfo.InvariantCulture, $"{name}.p{_parts.Count}")), chunk));
    }

    /// <summary>Hands free permits to parts that can use them, in order.</summary>
    public void Fill()
    {
        foreach (var part in _parts)
        {
            var grant = Math.Min(window.Free, part.Wanted);
            if (grant <= 0)
                continue;
            window.TakePermits(grant);
            var starting = part.Grants == 0;
            part.Grant(grant);
            if (starting)
                _ = RunAsync(part, grant);
            else
                context.SendEvent(part.Id, Inbox.EventName, Envelope.Create(string.Create(CultureInfo.InvariantCulture, $"grant-{part.Grants}"), EnvelopeKinds.Permits, grant));
        }
    }

    /// <summary>A part has handed permits back.</summary>
    public void Return(PermitReturn returned)
    {
        if (_parts.Find(part => part.Id == returned.PartId) is { Ended: false } part)
            window.AddPermits(part.Return(returned.Count));
    }

    public IReadOnlyList<(WorkUnit Unit, TaskOutcome Outcome)> End(PartEnded ended)
    {
        var part = _parts[ended.Part];
        window.AddPermits(part.End());
        return [.. part.Units.Zip(ended.Outcome.Tasks)];
    }

    /// <summary>Tells running parts to stop; those that have not begun never will.</summary>
    public void Cancel()
    {
        foreach (var part in _parts.Where(static part => !part.Ended))
        {
            if (part.Grants == 0)
                part.End();
            else
                context.SendEvent(part.Id, Inbox.EventName, new Envelope("cancel", EnvelopeKinds.Cancel));
        }
    }

    private async Task RunAsync(Part part, int permits)
    {
        PartOutcome outcome;
        try
        {
            outcome = await context.CallSubOrchestratorAsync<PartOutcome>(
                nameof(PartOrchestrator),
                new PartInput(runId, context.InstanceId, plan, part.Units, permits),
                new SubOrchestrationOptions(InstanceId: part.Id, Version: context.Version));
        }
        catch (TaskFailedException e)
        {
            var broken = new TaskOutcome(new NodeOutcome(WorkStatus.Failed, new Failure(FailureKinds.Internal, e.FailureDetails.ErrorMessage)), Usage.None);
            outcome = new PartOutcome([.. part.Units.Select(_ => broken)]);
        }

        post(new PartEnded(part.Number, outcome));
    }

    private sealed class Part(int number, string id, WorkUnit[] units)
    {
        private int _held;
        private bool _sated;

        public int Number => number;

        public string Id => id;

        public WorkUnit[] Units => units;

        public int Grants { get; private set; }

        public bool Ended { get; private set; }

        public int Wanted => Ended || _sated ? 0 : units.Length - _held;

        public void Grant(int count)
        {
            Grants++;
            _held += count;
        }

        /// <summary>Takes back no more than the part has, whatever the message says.</summary>
        public int Return(int count)
        {
            var returned = Math.Clamp(count, 0, _held);
            _sated |= returned > 0;
            _held -= returned;
            return returned;
        }

        public int End()
        {
            Ended = true;
            return _held;
        }
    }
}

/// <summary>Permits that a part hands back to its run.</summary>
public sealed record PermitReturn(string PartId, int Count);
