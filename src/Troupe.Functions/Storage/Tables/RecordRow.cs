using Azure.Data.Tables;
using Troupe.Core.Stores;

namespace Troupe.Functions.Storage.Tables;

/// <summary>A record with the entity that holds it.</summary>
internal sealed record RecordRow<T>(TableEntity Entity, StoredRecord<T> Stored)
    where T : class
{
    public T Record => Stored.Record;
}
