using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;

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
                Name = EventData.Shorten(edit.Name, MaxText),
                Before = edit.Before.Text is { } before ? EventData.Shorten(before, MaxText) : null,
                After = edit.After.Text is { } after ? EventData.Shorten(after, MaxText) : null,
            }).ToList(),
        };
}
