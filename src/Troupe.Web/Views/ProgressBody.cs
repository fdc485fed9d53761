using System.Text.Json.Serialization;
using Troupe.Core.Runs;

namespace Troupe.Web.Views;

/// <param name="Percent">0 to 100; never goes back.</param>
/// <param name="CurrentStep">In words for people.</param>
/// <param name="EstimatedTimeRemaining">Seconds; null where it is not known.</param>
internal sealed record ProgressBody(
    double Percent,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? CurrentStep,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? EstimatedTimeRemaining)
{
    public static ProgressBody Of(Progress progress) =>
        new(Math.Round(progress.Percent, 1), progress.CurrentStep, progress.EstimatedTimeRemaining?.TotalSeconds);
}
