using System.Globalization;

namespace Troupe.Bench.Measuring;

/// <summary>What a unit of work has cost this process.</summary>
/// <param name="Allocated">On the managed heap, the bench's own callers included.</param>
/// <param name="Written">Handed to the disk, log and database file together; not a number where the system does not tell.</param>
/// <param name="Processor">Microseconds of processor time, user and kernel, the bench's own callers included.</param>
internal sealed record Cost(double Allocated, double Written, double Processor)
{
    /// <summary>Begins to count; the returned function says what each of so many units has cost since.</summary>
    public static Func<int, Cost> Count()
    {
        var (allocated, written, processor) = (GC.GetTotalAllocatedBytes(precise: true), WrittenBytes(), Environment.CpuUsage.TotalTime);
        return units =>
        {
            var used = Environment.CpuUsage.TotalTime - processor;
            return new Cost(
                (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)units, (WrittenBytes() - written) / units, used.TotalMicroseconds / units);
        };
    }

    /// <summary>The kernel's own count of pages that were made dirty.</summary>
    private static double WrittenBytes()
    {
        const string Label = "write_bytes:";
        if (!OperatingSystem.IsLinux()) return double.NaN;
        var line = File.ReadLines("/proc/self/io").First(static line => line.StartsWith(Label, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(Label.Length), CultureInfo.InvariantCulture);
    }
}
