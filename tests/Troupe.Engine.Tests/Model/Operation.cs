using System.Globalization;
using Troupe.Durable;
using Troupe.Engine.Tests.Recovery;

namespace Troupe.Engine.Tests.Model;

/// <summary>One line of a scenario.</summary>
internal abstract record Operation
{
    /// <summary>A name that prints as C# text.</summary>
    protected static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";

    protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A call of a client, and what it does to the model.</summary>
internal abstract record ClientOperation(string Id) : Operation
{
    /// <summary>Returns the answer.</summary>
    public abstract Task<string> CallAsync(IOrchestrationClient client, DateTimeOffset now);

    /// <summary>Returns the answer that is due.</summary>
    public abstract string Apply(ReferenceModel model);
}

internal sealed record Start(string Id, IReadOnlyList<Instruction> Program, int DelaySeconds) : ClientOperation(Id)
{
    public override async Task<string> CallAsync(IOrchestrationClient client, DateTimeOffset now)
    {
        DateTimeOffset? startAt = DelaySeconds > 0 ? now.AddSeconds(DelaySeconds) : null;
        await client.ScheduleNewOrchestrationInstanceAsync(Interpreter.Name, new ProgramInput(Program), new StartOrchestrationOptions(Id, startAt));
        return Answers.Done;
    }

    public override string Apply(ReferenceModel model) => model.Start(Id, new ProgramInput(Program), DelaySeconds);

    public override string ToString() => Text($"Start({Quote(Id)}, {Instruction.Print(Program)}, delaySeconds: {DelaySeconds})");
}

internal sealed record Raise(string Id, string Name, string Payload, string? Delivery) : ClientOperation(Id)
{
    public override async Task<string> CallAsync(IOrchestrationClient client, DateTimeOffset now)
    {
        await client.RaiseEventAsync(Id, Name, Payload, Delivery);
        return Answers.Done;
    }

    public override string Apply(ReferenceModel model) => model.Raise(Id, Name, Payload, Delivery);

    public override string ToString() => Text($"Raise({Quote(Id)}, {Quote(Name)}, {Quote(Payload)}, delivery: {Quote(Delivery)})");
}

internal enum Verb
{
    Suspend,
    Resume,
    Terminate,
    Rewind,
    Restart,
    Purge,
}

internal sealed record Manage(Verb Verb, string Id) : ClientOperation(Id)
{
    public override async Task<string> CallAsync(IOrchestrationClient client, DateTimeOffset now)
    {
        switch (Verb)
        {
            case Verb.Suspend:
                await client.SuspendInstanceAsync(Id, "a reason");
                break;
            case Verb.Resume:
                await client.ResumeInstanceAsync(Id, "a reason");
                break;
            case Verb.Terminate:
                await client.TerminateInstanceAsync(Id, Answers.TerminationOutput);
                break;
            case Verb.Rewind:
                await client.RewindInstanceAsync(Id, "a reason");
                break;
            case Verb.Restart:
                await client.RestartInstanceAsync(Id);
                break;
            case Verb.Purge:
                return Answers.Deleted(await client.PurgeInstanceAsync(Id));
        }

        return Answers.Done;
    }

    public override string Apply(ReferenceModel model) => Verb switch
    {
        Verb.Suspend => model.Send(Id, new ModelMessage.Suspend()),
        Verb.Resume => model.Send(Id, new ModelMessage.Resume()),
        Verb.Terminate => model.Send(Id, new ModelMessage.Terminate()),
        Verb.Rewind => model.Rewind(Id),
        Verb.Restart => model.Restart(Id),
        _ => model.Purge(Id),
    };

    public override string ToString() => Text($"{Verb}({Quote(Id)})");
}

/// <summary>Time goes by.</summary>
internal sealed record Advance(int Seconds) : Operation
{
    public override string ToString() => Text($"Advance(seconds: {Seconds})");
}

/// <summary>Somebody sets the clock forward or back.</summary>
internal sealed record SetClock(int Seconds) : Operation
{
    public override string ToString() => Text($"SetClock(seconds: {Seconds})");
}

/// <summary>Every activity that is held ends.</summary>
internal sealed record Release : Operation
{
    public override string ToString() => "Release()";
}

internal sealed record Service(bool IsUp) : Operation
{
    public override string ToString() => IsUp ? "Service(isUp: true)" : "Service(isUp: false)";
}

/// <summary>The process ends, in order or (a crash) from one instant to the next, and another begins.</summary>
internal sealed record RestartProcess(bool Crash) : Operation
{
    public override string ToString() => Crash ? "Crash()" : "Restart()";
}

/// <summary>The process crashes a few turns after the call began, and another begins.</summary>
internal sealed record CrashDuring(ClientOperation Operation, int Turns) : Operation
{
    public override string ToString() => Text($"CrashDuring({Operation}, turns: {Turns})");
}

/// <summary>The store fails once, at the k-th write from the beginning of the call.</summary>
internal sealed record FaultDuring(ClientOperation Operation, int Write, Fault Fault) : Operation
{
    public override string ToString() => Text($"FaultDuring({Operation}, write: {Write}, {Fault})");
}
