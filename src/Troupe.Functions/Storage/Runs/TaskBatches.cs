using Troupe.Core.Records;
using Troupe.Core.Stores;

namespace Troupe.Functions.Storage.Runs;

/// <summary>Tasks in groups that one transaction takes: by number, and by the 4 MiB that its request may have.</summary>
internal static class TaskBatches
{
    /// <summary>Of JSON. A request writes a character in up to six bytes; this leaves room for columns and headers.</summary>
    private const int MaxCharacters = 250_000;

    public static IEnumerable<IReadOnlyList<TaskRecord>> Split(IReadOnlyList<TaskRecord> tasks, int atOnce)
    {
        var batch = new List<TaskRecord>();
        var characters = 0;
        foreach (var task in tasks)
        {
            var length = RecordJson.Write(task).Length;
            if (batch.Count == atOnce || (batch.Count > 0 && characters + length > MaxCharacters))
            {
                yield return batch;
                (batch, characters) = ([], 0);
            }

            batch.Add(task);
            characters += length;
        }

        if (batch.Count > 0) yield return batch;
    }
}
