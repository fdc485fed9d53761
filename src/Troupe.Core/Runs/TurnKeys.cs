using System.Globalization;

namespace Troupe.Core.Runs;

/// <summary>Names under which a task's turns and tool calls are stored.</summary>
internal static class TurnKeys
{
    public const string Answer = "answer";

    public static string Turn(int attempt, int turn) => string.Create(CultureInfo.InvariantCulture, $"a{attempt}.t{turn}");

    public static string Tool(int attempt, int turn, int call) => string.Create(CultureInfo.InvariantCulture, $"a{attempt}.t{turn}.c{call}");
}
