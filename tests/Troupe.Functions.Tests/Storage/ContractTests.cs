using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

public sealed class AzureRunCreationTests : RunCreationContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureRunChangeTests : RunChangeContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureRunListTests : RunListContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureTaskTests : TaskContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureTaskSumsTests : TaskSumsContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureEventLogTests : EventLogContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureCursorStoreTests : CursorStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureFollowerLeaseTests : FollowerLeaseContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureGateStoreTests : GateStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureDocumentStoreTests : DocumentStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureDeliveryStoreTests : DeliveryStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureKeyStoreTests : KeyStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureArtifactStoreTests : ArtifactStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureSettingStoreTests : SettingStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}

public sealed class AzureNotificationStoreTests : NotificationStoreContract
{
    protected override Task<StoreSet> OpenAsync(TimeProvider time) => AzureStores.OpenSetAsync(time);
}
