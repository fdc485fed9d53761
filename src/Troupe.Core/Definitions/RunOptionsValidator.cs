using System.Globalization;
using System.Text;
using Troupe.Core.Templates;

namespace Troupe.Core.Definitions;

/// <summary>The ranges of run options.</summary>
public static class RunOptionsValidator
{
    public const int MaxUrlLength = 2048;
    public const int MaxTags = 20;
    public const int MaxTagLength = 64;

    /// <summary>In UTF-8 bytes of JSON: 16 KB.</summary>
    public const int MaxMetadata = 16_000;

    private static readonly TemplateNames CompletionNames = new() { Others = ["result"], Run = false };

    /// <summary>Everything that is out of range, each at its place below the pointer.</summary>
    public static IReadOnlyList<Problem> Validate(RunOptions options, string pointer)
    {
        List<Problem> problems = [];
        CheckTimes(options, Add);
        CheckNumbers(options, Add);
        CheckTags(options.Tags, Add);
        CheckUrl(options.CallbackUrl, Add);
        CheckMetadata(options, Add);
        CheckCompletion(options.OnCompletion, Add);
        return problems;

        void Add(string key, string message) => problems.Add(new Problem(message, $"{pointer}/{key}"));
    }

    private static void CheckTimes(RunOptions options, Action<string, string> add)
    {
        if (options.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > Duration.Max))
            add("timeout", $"\"timeout\" must be above 0 and at most {Duration.Max.TotalDays} days; found {Seconds(timeout)}.");
        if (options.StartAfter is { } after && (after < TimeSpan.Zero || after > Duration.Max))
            add("start_after", $"\"start_after\" must not be negative and at most {Duration.Max.TotalDays} days; found {Seconds(after)}.");
        if (options is { StartAfter: not null, StartAt: not null })
            add("start_at", "\"start_at\" and \"start_after\" exclude each other; keep one.");
    }

    private static void CheckNumbers(RunOptions options, Action<string, string> add)
    {
        if (options.MaxRetries is < 0 or > 20)
            add("max_retries", $"\"max_retries\" must be 0 to 20; found {options.MaxRetries}.");
        if (options.MaxConcurrency is < 1 or > 500)
            add("max_concurrency", $"\"max_concurrency\" must be 1 to 500; found {options.MaxConcurrency}.");
        if (options.Budget is not { } budget)
            return;
        if (budget.Usd <= 0)
            add("budget/usd", string.Create(CultureInfo.InvariantCulture, $"\"usd\" must be above 0; found {budget.Usd}."));
        if (budget.Tokens <= 0)
            add("budget/tokens", $"\"tokens\" must be above 0; found {budget.Tokens}.");
        if (budget.Time is { } time && time <= TimeSpan.Zero)
            add("budget/time", $"\"time\" must be above 0; found {Seconds(time)}.");
    }

    private static void CheckTags(IReadOnlyList<string> tags, Action<string, string> add)
    {
        if (tags.Count > MaxTags)
            add("tags", $"At most {MaxTags} tags are possible; found {tags.Count}.");
        for (var i = 0; i < tags.Count && i < MaxTags; i++)
        {
            if (tags[i].Length > MaxTagLength || string.IsNullOrWhiteSpace(tags[i]) || tags[i].Any(char.IsControl))
                add($"tags/{i}", $"A tag has 1 to {MaxTagLength} printable characters; this one has {tags[i].Length}.");
        }
    }

    private static void CheckUrl(Uri? url, Action<string, string> add)
    {
        if (url is null)
            return;
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
            add("callback_url", "\"callback_url\" must be an absolute http or https address.");
        else if (url.UserInfo.Length > 0)
            add("callback_url", "\"callback_url\" must not carry a user name or password; requests are signed instead.");
        else if (url.OriginalString.Length > MaxUrlLength)
            add("callback_url", $"\"callback_url\" has {url.OriginalString.Length} characters; at most {MaxUrlLength} are possible.");
    }

    private static void CheckMetadata(RunOptions options, Action<string, string> add)
    {
        var bytes = options.Metadata.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value.GetRawText()) + 4L);
        if (bytes > MaxMetadata)
            add("metadata", $"\"metadata\" has {bytes} bytes; at most {MaxMetadata} are possible. Put large values into inputs or artifacts.");
    }

    private static void CheckCompletion(OnCompletion? completion, Action<string, string> add)
    {
        if (completion is null)
            return;
        var named = (completion.Workflow is null ? 0 : 1) + (completion.Agent is null ? 0 : 1);
        if (completion.Action != CompletionAction.Launch && named > 0)
            add("on_completion", "\"workflow\" and \"agent\" belong to launch; write on_completion: {launch: {…}}.");
        if (completion.Action == CompletionAction.Launch && named != 1)
            add("on_completion", "\"launch\" needs either a workflow, or an agent with a prompt.");
        if ((completion.Prompt is null) != (completion.Agent is null))
            add("on_completion", "\"agent\" and \"prompt\" belong together; in the prompt {{result}} stands for the result.");
        else if (completion.Prompt is not null && Template.Check(completion.Prompt, CompletionNames) is [var problem, ..])
            add("on_completion", $"In the prompt, line {problem.Line}, column {problem.Column}: {problem.Message}");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");
}
