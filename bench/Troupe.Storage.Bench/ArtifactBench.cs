using System.Globalization;
using Troupe.Core.Artifacts;

namespace Troupe.Storage.Bench;

/// <summary>How long it takes to store new artifacts as rows and as files.</summary>
internal static class ArtifactBench
{
    private const int Repetitions = 100;

    public static async Task RunAsync(IArtifactStore store)
    {
        foreach (var length in new[] { 1 << 10, 16 << 10, 64 << 10, 1 << 20 })
        {
            var times = new Percentiles(Repetitions);
            var random = new Random(length);
            var bytes = new byte[length];
            for (var n = 0; n < Repetitions; n++)
            {
                random.NextBytes(bytes);
                using var content = new MemoryStream(bytes, writable: false);
                await times.MeasureAsync(() => store.PutAsync(content, "text/plain", default));
            }

            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"artifact of {length >> 10} KiB: {times}"));
        }
    }
}
