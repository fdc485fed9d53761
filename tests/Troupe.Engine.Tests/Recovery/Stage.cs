using Troupe.Durable;
using Troupe.Sqlite;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>
/// Where a script plays: an engine that may fail or die under it. A failed operation is asked for again, as a client does that does not
/// know whether it was heard; after a death the next process goes on over what the dead one left.
/// </summary>
internal sealed class Stage(FaultPlan plan, Func<Task<EngineFixture>> start, Func<Task> bury) : IAsyncDisposable
{
    private const int MaxAttempts = 4;

    private EngineFixture? _engine;
    private bool _buried;

    public async Task DoAsync(Func<ContractEngine, Task> operation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WhileAliveAsync(operation);
                return;
            }
            catch (OrchestrationAlreadyExistsException) when (attempt > 1)
            {
                // It was heard the first time.
                return;
            }
            catch (OrchestrationInvalidStateException) when (attempt > 1)
            {
                return;
            }
            catch (Exception exception) when (attempt < MaxAttempts && exception is IOException or SqliteException { IsStorageFailure: true })
            {
                // Once more.
            }
        }
    }

    /// <summary>Stops the engine in good order, and starts another.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        await DoAsync(static _ => Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine) await engine.DisposeAsync();
        _engine = null;
    }

    private async Task WhileAliveAsync(Func<ContractEngine, Task> operation)
    {
        if (plan is { Dies: true, Kinds.Count: > 0 } && !_buried) await BuryAsync();
        _engine ??= await start();
        var work = operation(_engine);
        if (!plan.Dies || _buried)
        {
            await work;
            return;
        }

        if (await Task.WhenAny(work, plan.Struck) == work && !plan.Struck.IsCompleted)
        {
            await work;
            return;
        }

        await BuryAsync();
        await work.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(ContractEngine.Patience);
        throw new IOException("The process died.");
    }

    private async Task BuryAsync()
    {
        // The last write of the dying process may still be on its way.
        await plan.Struck.WaitAsync(ContractEngine.Patience);
        _buried = true;
        await DisposeAsync();
        await bury();
    }
}
