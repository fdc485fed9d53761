using Troupe.Durable;

namespace Troupe.Testing.Contract;

/// <summary>The basis of the contract suites: an engine adapter derives from each suite and says how an engine is started.</summary>
public abstract class ContractSuite
{
    /// <summary>A fresh, running engine with these orchestrators and activities.</summary>
    protected abstract Task<ContractEngine> StartAsync(DurableTaskRegistry registry);

    protected static DurableTaskRegistry Registry() => new();
}
