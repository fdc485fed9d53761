using Azure.Data.Tables;
using Microsoft.Extensions.Options;

namespace Troupe.Functions.Storage.Tables;

/// <summary>The tables of the records. They are created with their first use, or when the host starts.</summary>
internal sealed class RecordTables
{
    private readonly TableServiceClient _service;
    private readonly string[] _names;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile bool _open;

    public RecordTables(TableServiceClient service, IOptions<AzureStorageOptions> options)
    {
        _service = service;
        var prefix = options.Value.Prefix;
        _names = [$"{prefix}Runs", $"{prefix}Turns", $"{prefix}Index", $"{prefix}Events", $"{prefix}Documents", $"{prefix}Notifications", $"{prefix}Server"];
        (Runs, Turns, Index, Feed, Documents, Notifications, Server) = (Table(0), Table(1), Table(2), Table(3), Table(4), Table(5), Table(6));
    }

    /// <summary>Partition: a run. Everything of it that changes together: its row, tasks, gates, callbacks, deliveries, events.</summary>
    public RecordTable Runs { get; }

    /// <summary>Partition: a task. Its finished model turns and tool calls.</summary>
    public RecordTable Turns { get; }

    /// <summary>Partition: a list. What leads to rows of <see cref="Runs"/>, and is verified against them.</summary>
    public RecordTable Index { get; }

    /// <summary>One partition: the order of the events of all runs.</summary>
    public RecordTable Feed { get; }

    /// <summary>Partition: a kind of document.</summary>
    public RecordTable Documents { get; }

    /// <summary>Partition: a user.</summary>
    public RecordTable Notifications { get; }

    /// <summary>Partition: a kind of thing that the server has few of, such as keys.</summary>
    public RecordTable Server { get; }

    /// <exception cref="InvalidOperationException">A newer version of the product has used these tables.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_open) return;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_open) return;
            foreach (var name in _names) await _service.CreateTableIfNotExistsAsync(name, cancellationToken);
            await RecordSchema.CheckAsync(_service.GetTableClient(_names[^1]), cancellationToken);
            _open = true;
        }
        finally
        {
            _opening.Release();
        }
    }

    private RecordTable Table(int index) => new(_service.GetTableClient(_names[index]), OpenAsync);
}
