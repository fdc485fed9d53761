using Troupe.Sqlite;

namespace Troupe.Engine.Sqlite;

/// <summary>
/// The tables of the history store. History is an append-only log with a unique index, because rows scattered over an
/// (instance, step) key are many times slower to insert. The partial indexes hold only what is active, so that finished and
/// waiting instances cost nothing at start-up.
/// </summary>
internal static class HistorySchema
{
    public static readonly IReadOnlyList<SqliteMigration> Migrations =
    [
        new("Create the history store", """
            CREATE TABLE instances (
                key INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                version TEXT NOT NULL,
                parent_key INTEGER,
                parent_id TEXT,
                parent_execution INTEGER,
                parent_task INTEGER,
                execution INTEGER NOT NULL,
                status INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                custom_status TEXT,
                blocked_reason TEXT,
                steps INTEGER NOT NULL,
                history_events INTEGER NOT NULL,
                open_activities INTEGER NOT NULL,
                kept_events INTEGER NOT NULL,
                wake_at INTEGER,
                ready INTEGER NOT NULL,
                carried BLOB);
            CREATE INDEX instances_status ON instances (status);
            CREATE INDEX instances_ready ON instances (ready) WHERE ready = 1;
            CREATE INDEX instances_wake ON instances (wake_at) WHERE wake_at IS NOT NULL;
            CREATE INDEX instances_parent ON instances (parent_key) WHERE parent_key IS NOT NULL;

            CREATE TABLE history (row INTEGER PRIMARY KEY, instance INTEGER NOT NULL, step INTEGER NOT NULL, data BLOB NOT NULL);
            CREATE UNIQUE INDEX history_step ON history (instance, step);

            CREATE TABLE inbox (sequence INTEGER PRIMARY KEY, instance INTEGER NOT NULL, data BLOB NOT NULL);
            CREATE INDEX inbox_instance ON inbox (instance);

            CREATE TABLE deliveries (
                instance INTEGER NOT NULL,
                delivery TEXT NOT NULL,
                sequence INTEGER NOT NULL,
                PRIMARY KEY (instance, delivery)) WITHOUT ROWID;

            CREATE TABLE payloads (reference INTEGER PRIMARY KEY, instance INTEGER NOT NULL, data BLOB NOT NULL);
            CREATE INDEX payloads_instance ON payloads (instance);
            """),

        new("Count the starts, so that numbers of messages grow from one to the next", "CREATE TABLE starts (count INTEGER NOT NULL); INSERT INTO starts VALUES (0)"),

        // Nothing to change: an earlier release, which cannot read these records, is to refuse the store rather than to block the instances.
        new("Keep what was sent before a rewind", ""),

        // What an instance keeps in its box is measured by its next step: its code alone knows what it has received.
        new("Measure the events that wait", """
            ALTER TABLE instances ADD COLUMN kept_event_bytes INTEGER DEFAULT 0;
            UPDATE instances SET kept_event_bytes = NULL, ready = 1 WHERE kept_events > 0;
            ALTER TABLE inbox ADD COLUMN event_bytes INTEGER;
            DROP INDEX inbox_instance;
            CREATE INDEX inbox_instance ON inbox (instance, sequence, event_bytes);
            """)
        {
            Then = InboxTable.Measure,
        },
    ];
}
