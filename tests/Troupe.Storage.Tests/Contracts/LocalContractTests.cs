using Troupe.Testing.Stores;

namespace Troupe.Storage.Tests.Contracts;

public sealed class LocalRunCreationTests : RunCreationContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalRunChangeTests : RunChangeContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalRunListTests : RunListContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalTaskTests : TaskContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalTaskSumsTests : TaskSumsContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalEventLogTests : EventLogContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalGateStoreTests : GateStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalDocumentStoreTests : DocumentStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalDeliveryStoreTests : DeliveryStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalArtifactStoreTests : ArtifactStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalCursorStoreTests : CursorStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalFollowerLeaseTests : FollowerLeaseContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalKeyStoreTests : KeyStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalSettingStoreTests : SettingStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}

public sealed class LocalNotificationStoreTests : NotificationStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => LocalStores.OpenSetAsync(time);
}
