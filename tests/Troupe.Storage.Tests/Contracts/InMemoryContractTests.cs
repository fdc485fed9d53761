using Troupe.Testing.Stores;

namespace Troupe.Storage.Tests.Contracts;

public sealed class InMemoryRunCreationTests : RunCreationContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryRunChangeTests : RunChangeContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryRunListTests : RunListContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryTaskTests : TaskContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryTaskSumsTests : TaskSumsContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryEventLogTests : EventLogContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryGateStoreTests : GateStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryDocumentStoreTests : DocumentStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryDeliveryStoreTests : DeliveryStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryArtifactStoreTests : ArtifactStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryCursorStoreTests : CursorStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryFollowerLeaseTests : FollowerLeaseContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryKeyStoreTests : KeyStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemorySettingStoreTests : SettingStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}

public sealed class InMemoryNotificationStoreTests : NotificationStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => InMemorySet.OpenAsync(time);
}
