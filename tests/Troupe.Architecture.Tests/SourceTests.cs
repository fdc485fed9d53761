using System.Text.RegularExpressions;

namespace Troupe.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int LongestFile = 400;

    /// <summary>Split, so that this file itself stays clean of them.</summary>
    private static readonly (string Pattern, string Why)[] Banned =
    [
        ("NotImplemented" + "Exception", "what is there must work"),
        (@"\basync\s+" + @"void\b", "nobody can await it, and its exceptions end the process"),
        (@"(?m)^[^""+]*(//|/\*)\s*(TO" + "DO|FIX" + "ME|HA" + @"CK)\b", "finish it, or write an issue"),
        (@"catch\s*(\([^)]*\))?\s*\{\s*" + @"\}", "a swallowed exception hides a bug"),
        ("#pragma warning " + "disable", "switch the rule off in .editorconfig for everyone, or obey it"),
        (@"\[Fact\(Skip" + @"\b|\[Theory\(Skip\b", "a skipped test proves nothing"),
    ];

    [Fact]
    public void Code_HoldsNothingBanned() =>
        Offences.None(
            from file in Repository.FilesWith(".cs")
            let text = Repository.Read(file)
            from rule in Banned
            where Regex.IsMatch(text, rule.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5))
            select $"{file} matches /{rule.Pattern}/: {rule.Why}.");

    /// <summary>Addresses that users give are called by the guarded handler alone; model providers, the mail server and the client are what an administrator configured, the Functions host what started the worker.</summary>
    private static readonly string[] MakersOfConnections =
    [
        "src/Troupe.Core/Http/GuardedHttp.cs",
        "src/Troupe.Agents/Providers/ProviderHttp.cs",
        "src/Troupe.Client/TroupeClient.cs",
        "src/Troupe.Integrations/Email/SmtpSession.cs",
        "src/Troupe.Functions/Hosting/HostWatch.cs",
    ];

    [Fact]
    public void Connections_AreMadeByTheGuardedHandlerAndWhoCallsNoUsersAddresses() =>
        Offences.None(
            from file in Repository.FilesWith(".cs")
            where file.StartsWith("src/", StringComparison.Ordinal) && !MakersOfConnections.Contains(file, StringComparer.Ordinal)
            let made = Connection().Match(Repository.Read(file))
            where made.Success
            select $"{file} says '{made.Value}'; call addresses that users give through GuardedHttp.");

    [Theory]
    [InlineData("new HttpClient(")]
    [InlineData("new SocketsHttpHandler")]
    [InlineData("new HttpClientHandler()")]
    [InlineData("new HttpMessageInvoker(handler)")]
    [InlineData("new TcpClient()")]
    [InlineData("new Socket(")]
    [InlineData("new System.Net.Http.HttpClient()")]
    [InlineData("HttpClient http = new()")]
    [InlineData("services.AddHttpClient<T>()")]
    [InlineData("WebRequest.Create(url)")]
    [InlineData("new ClientWebSocket()")]
    public void Connection_EveryWayToMakeOne_IsFound(string code) => Assert.Matches(Connection(), code);

    [Fact]
    public void Code_IsShortEnoughToRead() =>
        Offences.None(
            from file in Repository.FilesWith(".cs", ".ts", ".tsx")
            let lines = Repository.Read(file).Count(character => character == '\n')
            where lines > LongestFile
            orderby lines descending
            select $"{file} has {lines} lines; the limit is {LongestFile}. Split it by idea.");

    [Fact]
    public void Code_LivesInTheNamespaceOfItsFolder() =>
        Offences.None(
            from project in Repository.Projects
            from file in Repository.FilesWith(".cs")
            where file.StartsWith(project.Folder + "/", StringComparison.Ordinal)
            let declared = Declaration().Match(Repository.Read(file))
            where declared.Success && declared.Groups[1].Value != NamespaceOf(project, file) && !IsClientFace(project, declared.Groups[1].Value)
            select $"{file} declares {declared.Groups[1].Value} instead of {NamespaceOf(project, file)}.");

    /// <summary>The client shows its users one namespace; everywhere else the folder is the namespace.</summary>
    private static bool IsClientFace(ProjectFile project, string declared) => project.Name == "Troupe.Client" && declared == project.Name;

    private static string NamespaceOf(ProjectFile project, string file)
    {
        var folder = Path.GetDirectoryName(Path.GetRelativePath(project.Folder, file))!.Replace('\\', '/');
        return folder.Length == 0 ? project.Name : $"{project.Name}.{folder.Replace('/', '.')}";
    }

    [GeneratedRegex(
        @"\bnew\s+([\w.]+\.)?(HttpClient|SocketsHttpHandler|HttpClientHandler|HttpMessageInvoker|TcpClient|UdpClient|Socket|ClientWebSocket|WebClient)\b"
        + @"|\b(HttpClient|SocketsHttpHandler|HttpClientHandler|HttpMessageInvoker|TcpClient|Socket)\??\s+\w+\s*=\s*new\s*\(|\bAddHttpClient\b|\bWebRequest\.Create",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Connection();

    [GeneratedRegex(@"^namespace\s+([\w.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();
}
