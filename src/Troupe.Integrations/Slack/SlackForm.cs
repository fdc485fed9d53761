using System.Net;
using System.Text;

namespace Troupe.Integrations.Slack;

/// <summary>The fields of a form; of a field that is there twice, none counts.</summary>
internal sealed class SlackForm
{
    private readonly Dictionary<string, string?> _fields = new(StringComparer.Ordinal);

    public SlackForm(ReadOnlySpan<byte> body)
    {
        foreach (var pair in Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var name = WebUtility.UrlDecode(parts[0]);
            _fields[name] = _fields.ContainsKey(name) ? null : WebUtility.UrlDecode(parts.Length == 2 ? parts[1] : "");
        }
    }

    public string? this[string name] => _fields.GetValueOrDefault(name);

    public Uri? Url(string name) => Uri.TryCreate(this[name], UriKind.Absolute, out var url) ? url : null;
}
