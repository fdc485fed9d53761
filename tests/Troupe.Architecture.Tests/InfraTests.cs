using System.Text.Json;
using System.Text.RegularExpressions;

namespace Troupe.Architecture.Tests;

/// <summary>What can be said of the Bicep files without its compiler: they fit together, name settings that exist, and hold no secrets.</summary>
public sealed partial class InfraTests
{
    private const string Main = "infra/main.bicep";

    private static readonly string[] Files = [.. Repository.FilesWith(".bicep")];

    private static readonly (string Pattern, string Why)[] Refused =
    [
        ("list(Account)?(Keys|Sas|Secrets)\\(|AccountKey=|SharedAccessKey", "access is by identity alone"),
        ("allowSharedKeyAccess: true|disableLocalAuth: false|DisableLocalAuth: false|publicAccess: '(Blob|Container)'", "keys and public reading stay off"),
        ("allow: true", "passwords for deployment stay off"),
    ];

    [Fact]
    public void Bicep_HoldsNoSecretsAndSwitchesNoKeysOn() =>
        Offences.None(
            from file in Files
            from rule in Refused
            where Regex.IsMatch(Repository.Read(file), rule.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5))
            select $"{file} matches /{rule.Pattern}/: {rule.Why}.");

    [Fact]
    public void Storage_HasSharedKeysOff() =>
        Assert.Contains("allowSharedKeyAccess: false", Repository.Read("infra/modules/storage.bicep"), StringComparison.Ordinal);

    /// <summary>As Azure's list of built-in roles has them; an id that is no role fails the deployment only when it is half done.</summary>
    [Fact]
    public void Roles_AreBuiltInOnes()
    {
        var builtIn = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
            ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
            ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
            ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
            ["5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"] = "Cognitive Services OpenAI User",
            ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
        };

        Offences.None(
            from file in Files
            let text = Repository.Read(file)
            from Match id in Guid().Matches(text)
            where !builtIn.TryGetValue(id.Value, out var name) || !text.Contains(name, StringComparison.Ordinal)
            select $"{file} names {id.Value}, which is no role that its comments name.");
    }

    [Fact]
    public void Settings_OfTroupe_AreOptions() =>
        Offences.None(
            from file in Files
            from Match setting in Setting().Matches(Repository.Read(file))
            let section = $"Troupe:{setting.Groups["section"].Value}"
            where !Repository.FilesWith(".cs").Where(static source => source.StartsWith("src/", StringComparison.Ordinal)).Select(Repository.Read).Any(
                text => text.Contains($"Section = \"{section}\"", StringComparison.Ordinal) && Property(setting.Groups["property"].Value).IsMatch(text))
            select $"{file} sets {setting.Value}, but no options of {section} have it.");

    [Fact]
    public void Modules_GetTheirParametersAndNoOthers() =>
        Offences.None(
            from Match module in Module().Matches(Repository.Read(Main))
            let given = Given().Matches(module.Groups["body"].Value).Select(static match => match.Groups[1].Value).ToList()
            let declared = Parameters($"infra/{module.Groups["file"].Value}")
            from problem in declared.Where(static parameter => !parameter.HasDefault).Select(static parameter => parameter.Name).Except(given).Select(static name => $"lacks {name}")
                .Concat(given.Except(declared.Select(static parameter => parameter.Name)).Select(static name => $"is given {name}, which it does not take"))
            select $"The module {module.Groups["file"].Value} {problem}.");

    [Fact]
    public void Modules_AreAllUsed() =>
        Offences.None(Files.Except(Module().Matches(Repository.Read(Main)).Select(static match => $"infra/{match.Groups["file"].Value}").Append(Main)));

    [Fact]
    public void Parameters_AreUsedInTheirFile() =>
        Offences.None(
            from file in Files
            from parameter in Parameters(file)
            where Regex.Count(Repository.Read(file), $@"\b{parameter.Name}\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)) < 2
            select $"{file} does not use {parameter.Name}.");

    [Fact]
    public void Parameters_OfTheEnvironment_AreThoseOfMain()
    {
        using var json = JsonDocument.Parse(Repository.Read("infra/main.parameters.json"));
        var given = json.RootElement.GetProperty("parameters").EnumerateObject().Select(static parameter => parameter.Name).ToList();
        var declared = Parameters(Main);

        Assert.Empty(given.Except(declared.Select(static parameter => parameter.Name)));
        Assert.Empty(declared.Where(static parameter => !parameter.HasDefault).Select(static parameter => parameter.Name).Except(given));
    }

    private static List<(string Name, bool HasDefault)> Parameters(string file) =>
        [.. Parameter().Matches(Repository.Read(file)).Select(static match => (match.Groups["name"].Value, match.Groups["default"].Success))];

    private static Regex Property(string name) => new($@"\b{name} {{ get; (set|init);", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Guid();

    [GeneratedRegex(@"\bTroupe__(?<section>\w+?)__(?<property>[A-Za-z]+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^module \w+ '(?<file>[^']+)' = [^\n]*\{\n(?<body>.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Module();

    [GeneratedRegex(@"^    (\w+):", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Given();

    [GeneratedRegex(@"^param (?<name>\w+) \w+(?<default> =)?", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Parameter();
}
