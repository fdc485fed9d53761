using System.Threading.Channels;
using Troupe.Cli.Serving;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Tests;

/// <summary>Runs the real command line in this process, on a data folder of its own.</summary>
internal sealed class Cli : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly Transcript _error = new();

    public Cli(TimeProvider? time = null, bool isTerminal = false, string input = "")
    {
        Folder = Directory.CreateTempSubdirectory("troupe-cli-").FullName;
        Shell = new Shell
        {
            Out = TextWriter.Synchronized(_out),
            Error = TextWriter.Synchronized(_error),
            In = new StringReader(input),
            IsTerminal = isTerminal,
            Variable = name => Variables.GetValueOrDefault(name),
            CurrentDirectory = Folder,
            Interrupts = Interrupts,
            Time = time ?? TimeProvider.System,
        };
        Variables[DataFolder.Variable] = Data.Path;
    }

    /// <summary>The current directory of the commands.</summary>
    public string Folder { get; }

    public DataFolder Data => new(Path.Combine(Folder, "data"));

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public ManualInterrupts Interrupts { get; } = new();

    public Shell Shell { get; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    /// <summary>Completes once a command has said that on standard error.</summary>
    public Task SaidAsync(string text) => _error.SaidAsync(text);

    public Task<int> RunAsync(params string[] args) => new CommandLine(Shell).RunAsync(args);

    /// <summary>Runs a command that may start a server, with the scripted agents.</summary>
    public Task<int> RunWithAgentsAsync(params string[] args) => RunAsync([.. args, "--agents", Repository.Agents]);

    /// <summary>Runs a command and returns what it printed, which must have succeeded.</summary>
    public async Task<string> PrintAsync(params string[] args)
    {
        var before = _out.ToString().Length;
        var code = await RunAsync(args);
        Assert.True(code == ExitCodes.Success, $"{string.Join(' ', args)} ended with {code}:\n{Error}");
        return _out.ToString()[before..];
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public Task<EmbeddedServer> StartServerAsync() => EmbeddedServer.StartAsync(
        new ServerSettings { Data = Data, Url = new Uri("http://127.0.0.1:0"), AgentRoots = [Repository.Agents], WorkflowRoots = [Path.Combine(Folder, "flows")] }, Shell, CancellationToken.None);

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Ctrl-C as a test presses it.</summary>
internal sealed class ManualInterrupts : IInterrupts
{
    private readonly Channel<bool> _pressed = Channel.CreateBounded<bool>(8);
    private readonly Channel<bool> _awaited = Channel.CreateBounded<bool>(8);

    public async Task NextAsync(CancellationToken cancellationToken)
    {
        _awaited.Writer.TryWrite(true);
        await _pressed.Reader.ReadAsync(cancellationToken);
    }

    /// <summary>Completes once a command waits for an interrupt.</summary>
    public async Task AwaitedAsync() => await _awaited.Reader.ReadAsync();

    public void Press() => _pressed.Writer.TryWrite(true);
}

/// <summary>Timers run faster than the wall clock, so that patience need not be waited out.</summary>
internal sealed class HastyTime(int factor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    private TimeSpan Shorten(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / factor;
}

internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Agents => Path.Combine(Root, "tests", "agents");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Functions.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
