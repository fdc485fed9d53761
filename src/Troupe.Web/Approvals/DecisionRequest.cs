using Troupe.Core.Approvals;
using Troupe.Core.Runs;
using Troupe.Web.Json;

namespace Troupe.Web.Approvals;

/// <summary>Reads what a person decides.</summary>
internal static class DecisionRequest
{
    public static Decision Bind(JsonFields fields)
    {
        var word = fields.RequiredText("decision");
        if (word.Length > 0 && word is not ("approve" or "reject"))
            fields.Report("decision", "Expected approve or reject.");
        var edits = fields.Object("edits", Edits);
        if (edits is not null && word == "reject")
            fields.Report("edits", "What is rejected does not run, so that it cannot be edited.");
        return new Decision(word == "approve", fields.Text("comment"), edits);
    }

    private static WantedEdits Edits(JsonFields fields) => new(fields.Texts("prompts"), fields.Object("inputs"));
}
