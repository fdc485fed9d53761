using System.Text;

namespace Troupe.Core.Definitions;

/// <summary>One thing wrong with a definition, a request or a file.</summary>
/// <param name="Message">What was found and what to do.</param>
/// <param name="Pointer">A JSON pointer to the place, for example <c>/phases/0/tasks/1/agent</c>.</param>
/// <param name="File">The file, where there is one.</param>
/// <param name="Line">From 1, where known.</param>
/// <param name="Column">From 1, where known.</param>
public sealed record Problem(string Message, string Pointer = "", string? File = null, int? Line = null, int? Column = null)
{
    /// <summary>For terminals: <c>file:line:column: message (pointer)</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (File is not null || Line is not null)
        {
            text.Append(File ?? "definition");
            if (Line is not null)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $":{Line}:{Column}");
            text.Append(": ");
        }

        text.Append(Message);
        if (Pointer.Length > 0)
            text.Append(" (").Append(Pointer).Append(')');
        return text.ToString();
    }
}
