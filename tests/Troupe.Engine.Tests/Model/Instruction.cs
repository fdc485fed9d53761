using System.Globalization;

namespace Troupe.Engine.Tests.Model;

internal enum Step
{
    /// <summary>Calls an activity that succeeds.</summary>
    Work,

    /// <summary>Calls an activity that fails while the service is down, three times at most.</summary>
    Service,

    /// <summary>Calls an activity that ends only when it is released.</summary>
    Held,

    /// <summary>Calls several activities at once: one that works, one that needs the service (without retry), one that is held.</summary>
    FanOut,

    /// <summary>Waits for an event.</summary>
    Wait,

    /// <summary>Waits for an event, with a timer against it.</summary>
    WaitFor,

    Sleep,

    /// <summary>Sets a timer that nobody awaits: the execution cannot end before it.</summary>
    Background,

    /// <summary>Runs child orchestrations side by side.</summary>
    Children,

    Status,

    Throw,

    /// <summary>Sends an event to another instance.</summary>
    Send,

    ContinueAsNew,
}

/// <summary>One line of the program that the orchestrator of the simulation interprets.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="Target">The instance that an event is sent to.</param>
/// <param name="Caught">Whether a failure is dealt with.</param>
/// <param name="Programs">What the children do.</param>
internal sealed record Instruction(
    Step Step, string Name = "", string Target = "", int Seconds = 0, bool Caught = false, IReadOnlyList<IReadOnlyList<Instruction>>? Programs = null)
{
    public static string Print(IEnumerable<Instruction> program) => $"[{string.Join(", ", program)}]";

    public override string ToString()
    {
        List<string> arguments = [];
        if (Target.Length > 0) arguments.Add($"\"{Target}\"");
        if (Name.Length > 0) arguments.Add($"\"{Name}\"");
        if (Seconds > 0) arguments.Add(string.Create(CultureInfo.InvariantCulture, $"seconds: {Seconds}"));
        if (Programs is not null) arguments.AddRange(Programs.Select(Print));
        if (Caught) arguments.Add("caught: true");
        return $"{Step}({string.Join(", ", arguments)})";
    }
}

/// <summary>The input of the interpreting orchestrator: a program, where to go on in it, and what has come out so far.</summary>
internal sealed record ProgramInput(IReadOnlyList<Instruction> Program, int At = 0, string Trace = "");
