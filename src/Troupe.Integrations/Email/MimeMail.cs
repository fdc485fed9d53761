using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Troupe.Integrations.Email;

/// <summary>A mail as it goes over the wire (RFC 5322, 2045, 2047): plain text and HTML, ASCII throughout.</summary>
internal static class MimeMail
{
    /// <summary>Bytes of UTF-8 in one encoded word, so that it has at most 75 characters.</summary>
    private const int MaxWord = 42;

    private const string InText = " .,:;!?[]()-'";

    /// <summary>The other marks of <see cref="InText"/> part addresses from another.</summary>
    private const string InNames = " -'";

    private const string Line = "\r\n";

    /// <param name="id">The same for every attempt, so that mail programs show one.</param>
    public static string Write(string id, MailAddress from, MailAddress to, DateTimeOffset at, EmailText text)
    {
        var boundary = $"=_{id}";
        var mail = new StringBuilder();
        Header("From", from.DisplayName.Length == 0 ? from.Address : $"{Encode(from.DisplayName, InNames)} <{from.Address}>");
        Header("To", to.Address);
        Header("Subject", Encode(text.Subject));
        Header("Date", at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header("Message-ID", $"<{id}@troupe>");
        Header("Auto-Submitted", "auto-generated");
        Header("MIME-Version", "1.0");
        Header("Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        mail.Append(Line);
        Part("text/plain", text.Text);
        Part("text/html", text.Html);
        return mail.Append("--").Append(boundary).Append("--").Append(Line).ToString();

        void Header(string name, string value) => mail.Append(name).Append(": ").Append(value).Append(Line);

        void Part(string type, string body)
        {
            mail.Append("--").Append(boundary).Append(Line);
            Header("Content-Type", $"{type}; charset=utf-8");
            Header("Content-Transfer-Encoding", "base64");
            mail.Append(Line).Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(body), Base64FormattingOptions.InsertLineBreaks)).Append(Line);
        }
    }

    /// <summary>The text itself where it is plain, else encoded words, one a line, none of which cuts a character in two.</summary>
    /// <param name="plain">What is plain beside letters and digits.</param>
    internal static string Encode(string text, string plain = InText)
    {
        if (text.Length <= MaxWord && text.All(character => char.IsAsciiLetterOrDigit(character) || plain.Contains(character, StringComparison.Ordinal)) && !text.Contains("=?", StringComparison.Ordinal))
            return text;
        var words = new List<string>();
        var word = new List<byte>();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            if (word.Count + length > MaxWord)
                End();
            word.AddRange(bytes[..length]);
        }

        End();
        return string.Join($"{Line} ", words);

        void End()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
