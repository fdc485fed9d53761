using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Troupe.Functions.Storage;

internal sealed partial class AzureStorageOptionsValidator : IValidateOptions<AzureStorageOptions>
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(30);

    public ValidateOptionsResult Validate(string? name, AzureStorageOptions options)
    {
        var problems = new List<string>();
        if (!Prefix().IsMatch(options.Prefix))
            problems.Add($"{AzureStorageOptions.Section}:Prefix is '{options.Prefix}'. Give 3 to 32 letters and digits, a letter first.");
        if (options.PollInterval < ShortestPoll || options.PollInterval > LongestPoll)
            problems.Add($"{AzureStorageOptions.Section}:PollInterval is {options.PollInterval}. Give {ShortestPoll} to {LongestPoll}.");
        if (options.ConnectionString is null) problems.AddRange(CheckUris(options));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> CheckUris(AzureStorageOptions options)
    {
        foreach (var (key, uri) in new[] { ("TableServiceUri", options.TableServiceUri), ("BlobServiceUri", options.BlobServiceUri) })
        {
            if (uri is null)
                yield return $"{AzureStorageOptions.Section}:{key} is missing, and AzureWebJobsStorage names no storage account either. Set AzureWebJobsStorage, or that key.";
            else if (uri is not { IsAbsoluteUri: true, Scheme: "https" })
                yield return $"{AzureStorageOptions.Section}:{key} is '{uri}'. Access by identity needs an https address.";
        }
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{2,31}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();
}
