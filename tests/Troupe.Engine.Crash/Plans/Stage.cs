using Troupe.Engine.Crash.Harness;
using Troupe.Engine.Crash.Judging;

namespace Troupe.Engine.Crash.Plans;

/// <summary>What plans are carried out with.</summary>
/// <param name="Folder">The data folder, which the process shares.</param>
internal sealed record Stage(SubjectClient Client, JournalJudge Journal, Tally Tally, Verdict Verdict, TimeProvider Time, string Folder)
{
    /// <summary>A while of at most so many milliseconds, often none.</summary>
    public Task PauseAsync(Random random, int milliseconds) =>
        random.Next(3) > 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, milliseconds)), Time, Verdict.Ended);
}
