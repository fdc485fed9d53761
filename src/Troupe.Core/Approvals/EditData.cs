using Troupe.Core.Records;

namespace Troupe.Core.Approvals;

/// <summary>Edits in the size that an event may have.</summary>
internal static class EditData
{
    private const int MaxChanges = 4;
    private const int MaxText = 80;

    public static object? Brief(GateEdits? edits) => edits is null
        ? null
        : new
        {
            Count = edits.Changes.Count,
            Changes = edits.Changes.Take(MaxChanges).Select(static edit => new
            {
                edit.Kind,
                Name = edit.Name.Shorten(MaxText),
                Before = edit.Before.Text is { } before ? before.Shorten(MaxText) : null,
                After = edit.After.Text is { } after ? after.Shorten(MaxText) : null,
            }).ToList(),
        };
}
