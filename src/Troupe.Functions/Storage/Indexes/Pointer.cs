namespace Troupe.Functions.Storage.Indexes;

/// <summary>An entry of a list, leading to a record.</summary>
/// <param name="List">The list, which is a partition.</param>
/// <param name="Place">The record's place in it: the list's order, then the record's id.</param>
/// <param name="Value">What the list is kept for, where that is more than its entries.</param>
internal readonly record struct Pointer(string List, string Place, long? Value = null);
