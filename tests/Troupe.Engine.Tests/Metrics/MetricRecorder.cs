using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Troupe.Engine.Metrics;

namespace Troupe.Engine.Tests.Metrics;

/// <summary>Adds up what the engines of one meter version report; keys are instrument names with their tags, as in <c>name{tag}</c>.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(Instrument Instrument, string Key, double Value)> _measurements = new();

    public MetricRecorder()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineMetrics.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All that one engine has reported of an instrument, in order.</summary>
    public IReadOnlyList<double> Values(Meter meter, string key) =>
        [.. _measurements.Where(one => ReferenceEquals(one.Instrument.Meter, meter) && one.Key == key).Select(static one => one.Value)];

    public double Sum(Meter meter, string key) => Values(meter, key).Sum();

    /// <summary>What an instrument that is asked for its value says now.</summary>
    public double Now(Meter meter, string key)
    {
        _listener.RecordObservableInstruments();
        return Values(meter, key)[^1];
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue((instrument, tags.Length == 0 ? instrument.Name : $"{instrument.Name}{{{tags[0].Key}={tags[0].Value}}}", value));
}
