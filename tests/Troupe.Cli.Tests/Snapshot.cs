using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Troupe.Cli.Tests;

/// <summary>Compares output with a file in Snapshots; a changed one is written beside it as .received.txt, to be looked at and taken over.</summary>
internal static partial class Snapshot
{
    /// <summary>Compares but for ids, times and addresses, which differ from run to run.</summary>
    public static void Match(string name, string text, [CallerFilePath] string caller = "") => MatchExactly(name, Scrub(text), caller);

    public static void MatchExactly(string name, string text, [CallerFilePath] string caller = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(caller)!, "Snapshots");
        var (expected, received) = (Path.Combine(folder, name + ".txt"), Path.Combine(folder, name + ".received.txt"));
        if (File.Exists(expected) && File.ReadAllText(expected) == text)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(received, text);
        Assert.Equal(File.Exists(expected) ? File.ReadAllText(expected) : "", text);
    }

    private static string Scrub(string text) => Elapsed().Replace(
        Address().Replace(Time().Replace(Id().Replace(Executor().Replace(text, "\"executor_id\": \"<executor>\""), "<id>"), "<time>"), "http://<server>"), "<elapsed>");

    [GeneratedRegex("\"executor_id\": \"[^\"]+\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Executor();

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(\+00:00|Z)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\d+\.\ds\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Elapsed();
}
