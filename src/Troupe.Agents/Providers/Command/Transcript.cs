using System.Text;
using Microsoft.Extensions.AI;

namespace Troupe.Agents.Providers.Command;

/// <summary>A conversation as one text for a program's input: the system prompt, a blank line, the prompt; further messages under headings.</summary>
internal static class Transcript
{
    public static string Of(IEnumerable<ChatMessage> messages)
    {
        var text = new StringBuilder();
        var count = 0;
        foreach (var message in messages)
        {
            var body = Body(message);
            if (text.Length > 0)
                text.Append("\n\n");
            if (count++ > 1)
                text.Append("## ").Append(message.Role.Value).Append("\n\n");
            text.Append(body);
        }

        return text.Append('\n').ToString();
    }

    private static string Body(ChatMessage message) => string.Join('\n', message.Contents.Select(content => content switch
    {
        TextContent part => part.Text,
        FunctionCallContent call => $"[calls {call.Name} {call.RawRepresentation}]",
        FunctionResultContent result => result.Result?.ToString() ?? "",
        _ => "",
    }));
}
