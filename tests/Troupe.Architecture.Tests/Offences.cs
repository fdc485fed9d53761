namespace Troupe.Architecture.Tests;

internal static class Offences
{
    /// <summary>Fails with all of them, one on a line.</summary>
    public static void None(IEnumerable<string> offences)
    {
        var found = offences.ToList();
        Assert.True(found.Count == 0, $"{found.Count} found:\n{string.Join('\n', found)}");
    }
}
