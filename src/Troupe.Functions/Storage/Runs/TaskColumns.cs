using System.Globalization;
using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Core.Stores;

namespace Troupe.Functions.Storage.Runs;

/// <summary>What sums need of a task, beside its record.</summary>
internal static class TaskColumns
{
    public static string[] Names { get; } = ["Status", "Weight", "InputTokens", "OutputTokens", "CostUsd", "Title"];

    public static void Fill(TableEntity entity, TaskRecord task)
    {
        entity["Status"] = EnumWords<WorkStatus>.Write(task.Status);
        entity["Weight"] = task.Weight;
        entity["InputTokens"] = task.Usage.InputTokens;
        entity["OutputTokens"] = task.Usage.OutputTokens;
        entity["CostUsd"] = task.Usage.CostUsd?.ToString(CultureInfo.InvariantCulture);
        entity["Title"] = task.Title;
    }

    public static WorkStatus Status(TableEntity entity) => EnumWords<WorkStatus>.Read(entity.GetString("Status"));

    public static double Weight(TableEntity entity) => entity.GetDouble("Weight") ?? 0;

    public static string Title(TableEntity entity) => entity.GetString("Title");

    public static Usage Usage(TableEntity entity) => new(
        entity.GetInt64("InputTokens") ?? 0,
        entity.GetInt64("OutputTokens") ?? 0,
        entity.GetString("CostUsd") is { } cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : null);
}
