using System.Text;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Sqlite;

internal static class HistoryTable
{
    public static void Append(SqliteSession session, long instance, int index, Step step) => session.Execute(
        "INSERT INTO history (instance, step, data) VALUES (?, ?, ?)",
        instance, index, StepCodec.Encode(step, new Payloads(session, instance)));

    public static List<Step> Read(SqliteSession session, long instance)
    {
        var payloads = new Payloads(session, instance);
        return session.Query(
            "SELECT data, step FROM history WHERE instance = ? ORDER BY step",
            row => Decode(row, payloads),
            instance);
    }

    public static Step? Read(SqliteSession session, long instance, int index)
    {
        var payloads = new Payloads(session, instance);
        return session.QuerySingle(
            "SELECT data, step FROM history WHERE instance = ? AND step = ?",
            row => Decode(row, payloads),
            instance, index);
    }

    public static byte[]? EncodeCarried(SqliteSession session, long instance, IReadOnlyList<Message> messages) =>
        messages.Count == 0 ? null : StepCodec.Encode(messages, new Payloads(session, instance));

    public static IReadOnlyList<Message> ReadCarried(SqliteSession session, long instance)
    {
        var payloads = new Payloads(session, instance);
        return session.QuerySingle(
            "SELECT carried FROM instances WHERE key = ?",
            row => row.IsNull(0) ? [] : StepCodec.DecodeMessages(row.GetSpan(0), payloads, "What the instance begins with"),
            instance) ?? [];
    }

    public static bool HasPayloads(SqliteSession session, long instance) =>
        session.QueryInt64("SELECT EXISTS (SELECT 1 FROM payloads WHERE instance = ?)", instance) == 1;

    public static void Delete(SqliteSession session, long instance)
    {
        session.Execute("DELETE FROM history WHERE instance = ?", instance);
        session.Execute("DELETE FROM payloads WHERE instance = ?", instance);
    }

    private static Step Decode(SqliteRow row, Payloads payloads) =>
        StepCodec.DecodeStep(row.GetSpan(0), payloads, $"Step {row.GetInt64(1)} of the history");

    public sealed class Payloads(SqliteSession session, long instance) : IPayloadSink, IPayloadSource
    {
        public long Store(byte[] utf8)
        {
            session.Execute("INSERT INTO payloads (instance, data) VALUES (?, ?)", instance, utf8);
            return session.LastInsertRowId;
        }

        public string Load(long reference) =>
            session.QuerySingle("SELECT data FROM payloads WHERE reference = ?", static row => Encoding.UTF8.GetString(row.GetSpan(0)), reference)
            ?? throw new InvalidDataException($"The payload {reference} is missing from the history store.");
    }
}
