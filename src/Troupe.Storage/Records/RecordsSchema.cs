using Troupe.Sqlite;

namespace Troupe.Storage.Records;

/// <summary>
/// The tables of <c>records.db</c>. A record is a JSON document beside the columns that queries need; times are UTC ticks. Rows are
/// appended under a rising key and found by indexes; lists read (key, time, row) indexes backwards. Released steps never change.
/// </summary>
internal static class RecordsSchema
{
    public static IReadOnlyList<SqliteMigration> Migrations { get; } =
    [
        new("Create runs, tasks, events, gates, documents and artifacts", Runs + Tasks + Events + Gates + Documents),
        new("Create webhook deliveries", Deliveries),
        new("Create the cursors of those who read events", "CREATE TABLE cursors (reader TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID"),
        new("Create keys and secrets", Keys),
        new("Create settings", "CREATE TABLE settings (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID"),
        new("Create notifications", Notifications),
        new("Find notifications by age", "CREATE INDEX notifications_age ON notifications (id)"),
    ];

    /// <summary>The documents lie apart, and tags repeat what is filtered on, so that filtering by several things reads narrow rows only.</summary>
    private const string Runs = """
        CREATE TABLE runs (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL, created INTEGER NOT NULL, status TEXT NOT NULL, user TEXT NOT NULL,
          name TEXT NOT NULL, unobeyed INTEGER NOT NULL, idempotency_key TEXT, body_hash TEXT);
        CREATE UNIQUE INDEX runs_id ON runs (id);
        CREATE UNIQUE INDEX runs_idempotency ON runs (user, idempotency_key) WHERE idempotency_key IS NOT NULL;
        CREATE INDEX runs_unobeyed ON runs (seq) WHERE unobeyed = 1;
        CREATE INDEX runs_created ON runs (created, seq);
        CREATE INDEX runs_status ON runs (status, created, seq, user, name);
        CREATE INDEX runs_user ON runs (user, created, seq, name);
        CREATE INDEX runs_name ON runs (name, created, seq);
        CREATE TABLE run_records (seq INTEGER PRIMARY KEY, record TEXT NOT NULL);
        CREATE TABLE run_tags (
          tag TEXT NOT NULL, created INTEGER NOT NULL, seq INTEGER NOT NULL, status TEXT NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL,
          PRIMARY KEY (tag, created, seq)) WITHOUT ROWID;

        """;

    /// <summary>Costs are whole 10⁻¹² US dollars, so that sums are exact. A duration is set where the task counts for estimates.</summary>
    private const string Tasks = """
        CREATE TABLE tasks (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL, run_id TEXT NOT NULL, ordinal INTEGER NOT NULL, status TEXT NOT NULL,
          weight REAL NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost INTEGER, agent TEXT,
          completed INTEGER, duration INTEGER, record TEXT NOT NULL);
        CREATE UNIQUE INDEX tasks_id ON tasks (id);
        CREATE INDEX tasks_run ON tasks (run_id, ordinal, seq);
        CREATE INDEX tasks_totals ON tasks (run_id, status, ordinal, weight, input_tokens, output_tokens, cost);
        CREATE INDEX tasks_durations ON tasks (agent, completed, duration) WHERE duration IS NOT NULL;
        CREATE TABLE turns (seq INTEGER PRIMARY KEY, task_id TEXT NOT NULL, turn_key TEXT NOT NULL, json TEXT NOT NULL);
        CREATE UNIQUE INDEX turns_key ON turns (task_id, turn_key);

        """;

    private const string Events = """
        CREATE TABLE events (
          position INTEGER PRIMARY KEY, run_id TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL,
          task_id TEXT, data TEXT NOT NULL, dedup_key TEXT);
        CREATE UNIQUE INDEX events_run ON events (run_id, sequence);
        CREATE UNIQUE INDEX events_dedup ON events (run_id, dedup_key) WHERE dedup_key IS NOT NULL;

        """;

    private const string Gates = """
        CREATE TABLE gates (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL, run_id TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
          created INTEGER NOT NULL, unacknowledged INTEGER NOT NULL, revision INTEGER NOT NULL, record TEXT NOT NULL);
        CREATE UNIQUE INDEX gates_id ON gates (id);
        CREATE INDEX gates_created ON gates (created, seq);
        CREATE INDEX gates_kind ON gates (kind, created, seq);
        CREATE INDEX gates_status ON gates (status, created, seq, kind);
        CREATE INDEX gates_run ON gates (run_id, created, seq);
        CREATE INDEX gates_unacknowledged ON gates (created, seq) WHERE unacknowledged = 1;
        CREATE TABLE callbacks (
          seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, name TEXT NOT NULL, delivery_id TEXT NOT NULL, received INTEGER NOT NULL,
          payload TEXT NOT NULL);
        CREATE UNIQUE INDEX callbacks_delivery ON callbacks (run_id, name, delivery_id);
        CREATE INDEX callbacks_first ON callbacks (run_id, name, seq);

        """;

    private const string Documents = """
        CREATE TABLE documents (
          seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, text TEXT, user TEXT NOT NULL,
          at INTEGER NOT NULL);
        CREATE UNIQUE INDEX documents_version ON documents (kind, name, version);
        CREATE TABLE artifacts (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, data BLOB NOT NULL);
        CREATE UNIQUE INDEX artifacts_hash ON artifacts (hash);
        """;

    private const string Deliveries = """
        CREATE TABLE deliveries (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL, run_id TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL,
          revision INTEGER NOT NULL, record TEXT NOT NULL);
        CREATE UNIQUE INDEX deliveries_id ON deliveries (id);
        CREATE INDEX deliveries_created ON deliveries (created, seq);
        CREATE INDEX deliveries_status ON deliveries (status, created, seq);
        CREATE INDEX deliveries_run ON deliveries (run_id, created, seq);
        """;

    /// <summary>Ids sort by time. What is unread is found by its null.</summary>
    private const string Notifications = """
        CREATE TABLE notifications (
          user TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, run_id TEXT NOT NULL, delivered INTEGER, acknowledged INTEGER,
          record TEXT NOT NULL, PRIMARY KEY (user, id)) WITHOUT ROWID;
        CREATE INDEX notifications_unread ON notifications (user, id) WHERE acknowledged IS NULL;
        CREATE INDEX notifications_run ON notifications (user, run_id, id);
        CREATE INDEX notifications_type ON notifications (user, type, id);
        """;

    private const string Keys = """
        CREATE TABLE keys (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL, created INTEGER NOT NULL, revoked INTEGER NOT NULL, record TEXT NOT NULL);
        CREATE UNIQUE INDEX keys_id ON keys (id);
        CREATE INDEX keys_live ON keys (created, seq) WHERE revoked = 0;
        CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        """;
}
