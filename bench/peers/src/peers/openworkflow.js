import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OpenWorkflow } from 'openworkflow';
import { BackendSqlite } from 'openworkflow/sqlite';
import { until } from '../parallel.js';
import { packageVersion } from '../versions.js';

const concurrency = 256;

export default {
  title: 'OpenWorkflow',
  about: () => `OpenWorkflow ${packageVersion('openworkflow')}, SQLite ${process.versions.sqlite ?? ask('SELECT sqlite_version()')} of Node ${process.version}`,
  durability: `its defaults: SQLite, WAL, synchronous=${ask('PRAGMA synchronous') === 2 ? 'FULL' : 'not FULL'}`,

  /** Each claim of a run reads all runs that are open, so 10,000 that wait take many minutes. */
  waiting: 1_000,

  prepare: async (site) => ({ file: path.join(site.folder, 'openworkflow.db') }),

  async open({ file }, progress) {
    const backend = BackendSqlite.connect(file);
    const ow = new OpenWorkflow({ backend });
    const nothing = (step, i) => step.run({ name: `nothing-${i}` }, async () => i);
    const bodies = {
      one: ({ step }) => nothing(step, 1),
      fanOut: ({ step, input: { n } }) => Promise.all(Array.from({ length: n }, (_, i) => nothing(step, i))),
      chain: async ({ step, input: { n } }) => {
        for (let i = 0; i < n; i++) await nothing(step, i);
      },
      wait: ({ step, input: { key } }) => {
        progress.waiting(key);
        return step.waitForSignal({ signal: key, timeout: '1d' });
      },
      sleep: ({ step, input: { key, due } }) => {
        progress.waiting(key);
        return step.sleep('until due', `${Math.max(1, due - Date.now())}ms`);
      },
    };
    const define = ([name, body]) => [
      name,
      ow.defineWorkflow({ name }, async (context) => {
        await body(context);
        progress.ended(context.input.key, context.run.id);
      }),
    ];
    const workflows = Object.fromEntries(Object.entries(bodies).map(define));
    await ow.newWorker({ concurrency }).start();
    return {
      start: (name, input) => workflows[name].run(input),
      signal: (key) => ow.sendSignal({ signal: key, data: 1 }),
      settled: (_, workflowRunId) => until(async () => (await backend.getWorkflowRun({ workflowRunId })).status === 'completed'),
    };
  },
};

/** What SQLite answers on a new connection: OpenWorkflow sets only the journal mode and foreign keys on its own. */
function ask(sql) {
  return Object.values(new DatabaseSync(':memory:').prepare(sql).get())[0];
}
