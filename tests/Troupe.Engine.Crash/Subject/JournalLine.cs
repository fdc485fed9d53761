using System.Globalization;

namespace Troupe.Engine.Crash.Subject;

internal enum JournalMark
{
    /// <summary>An activity has begun.</summary>
    Begun = 'B',

    /// <summary>It returns its result to the engine.</summary>
    Returned = 'R',

    /// <summary>It throws.</summary>
    Threw = 'T',

    /// <summary>It was cancelled.</summary>
    Cancelled = 'C',
}

/// <summary>Which piece of work of which instance: stages of one life never go back, pieces of one stage may run in any order.</summary>
/// <param name="Life">The time of the instance's first step: it tells the runs of a restarted instance apart.</param>
internal sealed record WorkKey(string Instance, long Life, int Stage, int Index);

/// <summary>One thing that an activity did.</summary>
/// <param name="Time">By the wall clock, in ticks.</param>
/// <param name="NotBefore">When a timer before the activity was due, in ticks; 0 where there was none.</param>
internal sealed record JournalLine(JournalMark Mark, long Time, WorkKey Key, long NotBefore)
{
    public static JournalLine Parse(string line)
    {
        var parts = line.Split(' ');
        return new JournalLine(
            (JournalMark)parts[0][0], Number(1), new WorkKey(parts[2], Number(3), (int)Number(4), (int)Number(5)), Number(6));

        long Number(int index) => long.Parse(parts[index], CultureInfo.InvariantCulture);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(char)Mark} {Time} {Key.Instance} {Key.Life} {Key.Stage} {Key.Index} {NotBefore}");
}
