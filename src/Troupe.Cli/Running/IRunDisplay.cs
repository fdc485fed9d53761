namespace Troupe.Cli.Running;

/// <summary>Shows how a run gets on; called at every change and about once a second.</summary>
internal interface IRunDisplay
{
    void Show(RunSnapshot snapshot);
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentDisplay : IRunDisplay
{
    public void Show(RunSnapshot snapshot)
    {
    }
}
