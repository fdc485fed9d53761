namespace Troupe.Cli.Terminal;

/// <summary>Everything a command touches of the process around it.</summary>
internal sealed record Shell
{
    /// <summary>Results and answers only.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Progress, logs and complaints.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal that can be drawn on.</summary>
    public required bool IsTerminal { get; init; }

    public required Func<string, string?> Variable { get; init; }

    public required string CurrentDirectory { get; init; }

    public required IInterrupts Interrupts { get; init; }

    public required TimeProvider Time { get; init; }

    public static Shell OfProcess(IInterrupts interrupts) => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        IsTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Variable = Environment.GetEnvironmentVariable,
        CurrentDirectory = Environment.CurrentDirectory,
        Interrupts = interrupts,
        Time = TimeProvider.System,
    };

    public string FullPath(string path) => Path.GetFullPath(path, CurrentDirectory);
}
