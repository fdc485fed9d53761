namespace Troupe.Cli.Tests;

/// <summary>What a command has said, and a way to wait until it says something.</summary>
internal sealed class Transcript : StringWriter
{
    private readonly Lock _gate = new();
    private readonly List<(string Text, TaskCompletionSource Said)> _awaited = [];

    /// <summary>Completes once the text has been said; fails after 30 s.</summary>
    public Task SaidAsync(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _awaited.Add((text, said));
        Look();
        return said.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Look();
    }

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        Look();
    }

    private void Look()
    {
        lock (_gate)
        {
            foreach (var (_, said) in _awaited.Where(one => ToString().Contains(one.Text, StringComparison.Ordinal)))
                said.TrySetResult();
        }
    }
}
