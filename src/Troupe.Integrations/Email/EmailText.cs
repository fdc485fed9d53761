using System.Net;
using System.Text;
using Troupe.Core;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Records;
using Troupe.Integrations.Channels;

namespace Troupe.Integrations.Email;

/// <summary>What a mail says, as plain text and as HTML in which every value is escaped.</summary>
internal sealed record EmailText(string Subject, string Text, string Html)
{
    private const int MaxSubject = 150;

    /// <param name="server">Where the server is reached; null where that is not known.</param>
    public static EmailText Of(ChannelMessage message, Uri? server)
    {
        var subject = message.Digest is null ? Plain.Line(message.Notifications[0].Title) : $"{message.Notifications.Count} notifications";
        var text = new StringBuilder();
        var html = new StringBuilder("<!doctype html><html><body style=\"font-family:sans-serif\">");
        foreach (var told in message.Notifications)
            Add(told, Link(told, server), text, html);
        if (message.Closed is { } closed)
            AddBoth(Plain.Line(closed), text, html);
        if (message.Gate is not null)
            AddDecision(message.Gate.Kind, message.Links, server, text, html);
        html.Append("</body></html>");
        return new EmailText($"[Troupe] {subject.Shorten(MaxSubject)}", text.ToString(), html.ToString());
    }

    private static void Add(NotificationRecord told, string link, StringBuilder text, StringBuilder html)
    {
        text.Append(Plain.Line(told.Title)).Append("\r\n");
        html.Append("<h3>").Append(Escape(Plain.Line(told.Title))).Append("</h3>");
        if (told.Text is { Length: > 0 } more)
        {
            text.Append(Plain.Line(more)).Append("\r\n");
            html.Append("<p>").Append(Escape(Plain.Line(more))).Append("</p>");
        }

        text.Append(link).Append("\r\n\r\n");
        html.Append("<p><small>").Append(Escape(link)).Append("</small></p>");
    }

    private static void AddDecision(GateKind kind, DecisionLinks? links, Uri? server, StringBuilder text, StringBuilder html)
    {
        AddBoth(kind == GateKind.Question ? "An answer is waited for." : "A decision is waited for.", text, html);
        if (links is null || server is null)
            return;
        AddLink("Approve", new Uri(server, links.Approve).AbsoluteUri, text, html);
        AddLink("Reject", new Uri(server, links.Reject).AbsoluteUri, text, html);
        AddBoth("Each link decides as you, once; do not hand it on.", text, html);
    }

    private static void AddLink(string word, string url, StringBuilder text, StringBuilder html)
    {
        text.Append(word).Append(": ").Append(url).Append("\r\n");
        html.Append("<p><a href=\"").Append(Escape(url)).Append("\">").Append(word).Append("</a></p>");
    }

    private static void AddBoth(string line, StringBuilder text, StringBuilder html)
    {
        text.Append(line).Append("\r\n");
        html.Append("<p>").Append(Escape(line)).Append("</p>");
    }

    private static string Link(NotificationRecord told, Uri? server) =>
        server is null ? $"Run {told.RunId}" : $"{server.AbsoluteUri.TrimEnd('/')}/api/v1/workflows/{Uri.EscapeDataString(told.RunId)}";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
