using Troupe.Core.Artifacts;
using Troupe.Core.Records;

namespace Troupe.Web.Approvals;

/// <summary>What an approver changed.</summary>
internal sealed record EditsBody(string User, DateTimeOffset At, IReadOnlyList<EditBody> Changes)
{
    public static EditsBody? Of(GateEdits? edits) =>
        edits is null ? null : new(edits.User, edits.At, [.. edits.Changes.Select(static edit => new EditBody(edit.Kind, edit.Name, TextBody.Of(edit.Before), TextBody.Of(edit.After)))]);
}

/// <param name="Name">The task's key, or the input's name.</param>
internal sealed record EditBody(EditKind Kind, string Name, TextBody Before, TextBody After);

/// <summary>A text where it is small, else the hash of the artifact that holds it.</summary>
internal sealed record TextBody(string? Text, string? Artifact)
{
    public static TextBody Of(Content content) => new(content.Text, content.Artifact?.Hash);
}
