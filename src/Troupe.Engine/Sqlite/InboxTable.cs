using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Sqlite;

namespace Troupe.Engine.Sqlite;

internal static class InboxTable
{
    /// <summary>Delivery ids remembered for each instance, at least.</summary>
    public const int RememberedDeliveries = 4_096;

    private const int ForgetEvery = 256;

    public static InboxMessage Insert(SqliteSession session, long instance, long sequence, Message message)
    {
        session.Execute(
            "INSERT INTO inbox (sequence, instance, data, event_bytes) VALUES (?, ?, ?, ?)",
            sequence, instance, Encode(session, instance, message), (message as EventRaised)?.Volume.Bytes);
        return new InboxMessage(sequence, message);
    }

    /// <summary>Writes a message anew, its payload too.</summary>
    public static void Replace(SqliteSession session, long instance, long sequence, Message message) =>
        session.Execute("UPDATE inbox SET data = ? WHERE sequence = ?", Encode(session, instance, message), sequence);

    public static List<InboxMessage> Read(SqliteSession session, long instance)
    {
        var payloads = new HistoryTable.Payloads(session, instance);
        return session.Query(
            "SELECT sequence, data FROM inbox WHERE instance = ? ORDER BY sequence",
            row => new InboxMessage(row.GetInt64(0), Decode(row, payloads)),
            instance);
    }

    /// <summary>What can be read of it.</summary>
    public static List<InboxMessage> ReadSound(SqliteSession session, long instance)
    {
        var payloads = new HistoryTable.Payloads(session, instance);
        var rows = session.Query(
            "SELECT sequence, data FROM inbox WHERE instance = ? ORDER BY sequence", row => TryDecode(row, payloads), instance);
        return [.. rows.OfType<InboxMessage>()];
    }

    private static InboxMessage? TryDecode(SqliteRow row, HistoryTable.Payloads payloads)
    {
        try
        {
            return new InboxMessage(row.GetInt64(0), Decode(row, payloads));
        }
        catch (UnreadableRecordException)
        {
            return null;
        }
    }

    private static Message Decode(SqliteRow row, HistoryTable.Payloads payloads)
    {
        var what = $"Message {row.GetInt64(0)} in the inbox";
        return StepCodec.DecodeMessages(row.GetSpan(1), payloads, what) is [var message, ..]
            ? message
            : throw new UnreadableRecordException(what, new InvalidDataException("It is empty."));
    }

    public static EventVolume Events(SqliteSession session, long instance) => session.QuerySingle(
        "SELECT count(event_bytes), sum(event_bytes) FROM inbox WHERE instance = ?",
        static row => new EventVolume(row.GetInt64(0), row.GetInt64(1)),
        instance);

    public static bool Delete(SqliteSession session, long instance, long sequence) =>
        session.Execute("DELETE FROM inbox WHERE sequence = ? AND instance = ?", sequence, instance) == 1;

    public static bool Knows(SqliteSession session, long instance, string delivery) =>
        session.QueryInt64("SELECT count(*) FROM deliveries WHERE instance = ? AND delivery = ?", instance, delivery) > 0;

    public static void Remember(SqliteSession session, long instance, string delivery, long sequence)
    {
        session.Execute("INSERT INTO deliveries (instance, delivery, sequence) VALUES (?, ?, ?)", instance, delivery, sequence);
        if (sequence % ForgetEvery != 0) return;
        session.Execute(
            """
            DELETE FROM deliveries WHERE instance = ?1 AND sequence <=
                (SELECT sequence FROM deliveries WHERE instance = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)
            """,
            instance, RememberedDeliveries);
    }

    /// <summary>What an instance that has failed may need when it is rewound: the events that wait for it, and what it has seen.</summary>
    public static void KeepEvents(SqliteSession session, long instance) =>
        session.Execute("DELETE FROM inbox WHERE instance = ? AND event_bytes IS NULL", instance);

    /// <summary>Measures the events that an earlier release has left. What cannot be read counts as it is stored.</summary>
    public static void Measure(SqliteSession session)
    {
        foreach (var (sequence, instance) in session.Query("SELECT sequence, instance FROM inbox", static row => (row.GetInt64(0), row.GetInt64(1))))
        {
            var payloads = new HistoryTable.Payloads(session, instance);
            var bytes = session.QuerySingle(
                "SELECT sequence, data FROM inbox WHERE sequence = ?",
                row => TryDecode(row, payloads) is { } waiting ? (waiting.Message as EventRaised)?.Volume.Bytes : row.GetSpan(1).Length,
                sequence);
            session.Execute("UPDATE inbox SET event_bytes = ? WHERE sequence = ?", bytes, sequence);
        }
    }

    public static void Clear(SqliteSession session, long instance)
    {
        // Most instances end without ever having had mail, and one look is cheaper than two deletions.
        const string HadMail = "SELECT EXISTS (SELECT 1 FROM inbox WHERE instance = ?1) OR EXISTS (SELECT 1 FROM deliveries WHERE instance = ?1)";
        if (session.QueryInt64(HadMail, instance) == 0) return;
        session.Execute("DELETE FROM inbox WHERE instance = ?", instance);
        session.Execute("DELETE FROM deliveries WHERE instance = ?", instance);
    }

    private static byte[] Encode(SqliteSession session, long instance, Message message) =>
        StepCodec.Encode([message], new HistoryTable.Payloads(session, instance));
}
