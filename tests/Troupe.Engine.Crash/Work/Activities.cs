using System.Globalization;
using Troupe.Durable;
using Troupe.Engine.Crash.Subject;

namespace Troupe.Engine.Crash.Work;

/// <summary>What an activity is asked to do.</summary>
/// <param name="Milliseconds">How long it takes.</param>
/// <param name="NotBefore">When the timer before it was due, in ticks; 0 where there was none.</param>
/// <param name="Failures">How many executions fail before one succeeds.</param>
internal sealed record Job(long Life, int Stage, int Index, int Milliseconds = 0, long NotBefore = 0, int Failures = 0);

/// <summary>What it answers: enough to tell from a history which piece of work is done.</summary>
internal sealed record Done(long Life, int Stage, int Index)
{
    public static long ValueOf(int stage, int index) => (stage * 1_000L) + index;

    public long Value() => ValueOf(Stage, Index);
}

/// <summary>Tells the journal of its beginning and its end, whatever it does in between.</summary>
internal abstract class JournalingActivity(Journal journal) : Activity<Job, Done>
{
    protected Journal Journal => journal;

    public sealed override async Task<Done> RunAsync(ActivityContext context, Job input)
    {
        var key = new WorkKey(context.InstanceId, input.Life, input.Stage, input.Index);
        journal.Write(JournalMark.Begun, key, input.NotBefore);
        try
        {
            await WorkAsync(context, input);
        }
        catch (OperationCanceledException)
        {
            journal.Write(JournalMark.Cancelled, key);
            throw;
        }
        catch (DeliberateException)
        {
            journal.Write(JournalMark.Threw, key);
            throw;
        }

        journal.Write(JournalMark.Returned, key);
        return new Done(input.Life, input.Stage, input.Index);
    }

    protected abstract Task WorkAsync(ActivityContext context, Job input);
}

internal sealed class DeliberateException() : Exception("Failed on purpose.");

/// <summary>Takes its time.</summary>
internal sealed class Piece(Journal journal, TimeProvider time) : JournalingActivity(journal)
{
    protected override Task WorkAsync(ActivityContext context, Job input) =>
        input.Milliseconds == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(input.Milliseconds), time, context.CancellationToken);
}

/// <summary>Never ends by itself.</summary>
internal sealed class Endless(Journal journal, TimeProvider time) : JournalingActivity(journal)
{
    protected override Task WorkAsync(ActivityContext context, Job input) => Task.Delay(Timeout.InfiniteTimeSpan, time, context.CancellationToken);
}

/// <summary>Its first executions fail. How many there were stands in a file of its own.</summary>
internal sealed class Flaky(Journal journal) : JournalingActivity(journal)
{
    protected override async Task WorkAsync(ActivityContext context, Job input)
    {
        var path = Path.Combine(Journal.Folder, string.Create(CultureInfo.InvariantCulture, $"tries-{context.InstanceId}-{input.Life}"));
        await File.AppendAllTextAsync(path, "x", context.CancellationToken);
        if (new FileInfo(path).Length <= input.Failures) throw new DeliberateException();
    }
}

/// <summary>Fails until somebody has put a file there.</summary>
internal sealed class Fragile(Journal journal) : JournalingActivity(journal)
{
    public static string MendingFile(string folder, string instance) => Path.Combine(folder, "mended-" + instance);

    protected override Task WorkAsync(ActivityContext context, Job input) =>
        File.Exists(MendingFile(Journal.Folder, context.InstanceId)) ? Task.CompletedTask : throw new DeliberateException();
}
