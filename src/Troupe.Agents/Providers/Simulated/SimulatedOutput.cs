using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Troupe.Core.Agents;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>The text of a simulated answer.</summary>
internal static class SimulatedOutput
{
    public static string Of(AgentTurnRequest request, SimulateScript script, string prompt)
    {
        var text = script.Output is not null
            ? Fill(script.Output, request, prompt)
            : request.Agent.OutputSchema is { } schema ? SchemaSample.Of(schema, prompt) : SimulatedReport.Write(request.Agent, prompt);
        return script.OutputBytes is { } bytes ? Stretch(text, bytes) : text;
    }

    /// <summary>A hash of the text, the same on every machine.</summary>
    public static uint Hash(string text) => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // The prompt goes in last, so that what it holds is not filled in again.
    private static string Fill(string template, AgentTurnRequest request, string prompt) => template
        .Replace("{{agent}}", request.Agent.Name, StringComparison.Ordinal)
        .Replace("{{attempt}}", request.Attempt.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{{turn}}", request.Turn.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{{prompt}}", prompt, StringComparison.Ordinal);

    private static string Stretch(string text, int bytes)
    {
        var unit = Encoding.UTF8.GetBytes(text.Length == 0 ? "." : text.TrimEnd() + "\n");
        var stretched = new byte[bytes];
        for (var at = 0; at < bytes; at += unit.Length)
            unit.AsSpan(0, Math.Min(unit.Length, bytes - at)).CopyTo(stretched.AsSpan(at));
        // A character cut in two, at the end, would change the length when it is written out again.
        for (var end = bytes - 1; end >= 0 && stretched[end] >= 0x80; end--)
            stretched[end] = (byte)'.';
        return Encoding.UTF8.GetString(stretched);
    }
}
