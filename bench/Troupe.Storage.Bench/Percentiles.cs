using System.Diagnostics;
using System.Globalization;

namespace Troupe.Storage.Bench;

/// <summary>Times of single operations.</summary>
internal sealed class Percentiles(int capacity)
{
    private readonly List<double> _milliseconds = new(capacity);
    private readonly Lock _gate = new();

    public async Task<T> MeasureAsync<T>(Func<Task<T>> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await work();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        lock (_gate) _milliseconds.Add(elapsed);
        return result;
    }

    public override string ToString()
    {
        _milliseconds.Sort();
        return string.Create(
            CultureInfo.InvariantCulture, $"p50 {At(0.5):f2} ms, p99 {At(0.99):f2} ms, max {_milliseconds[^1]:f2} ms ({_milliseconds.Count})");
    }

    private double At(double part) => _milliseconds[(int)((_milliseconds.Count - 1) * part)];
}
