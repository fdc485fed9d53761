import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { FlowProducer, Job, Queue, Worker } from 'bullmq';
import { packageVersion } from '../versions.js';

const concurrency = 50;
const aDay = 86_400_000;
const queueName = 'bench';

export default {
  title: 'BullMQ',
  about: () => `BullMQ ${packageVersion('bullmq')}, ioredis ${packageVersion('ioredis')}, Redis ${redisVersion()}`,
  durability: 'Redis with appendonly yes, appendfsync always (stronger than its defaults)',

  async prepare(site) {
    const folder = path.join(site.folder, 'redis');
    fs.mkdirSync(folder);
    redisVersion();
    const port = await site.port();
    const settings = { bind: '127.0.0.1', port, dir: folder, appendonly: 'yes', appendfsync: 'always', save: '', 'maxmemory-policy': 'noeviction' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    site.serve('database', 'redis-server', args, { cwd: folder, stop: 'SIGTERM' });
    await site.reachable(port);
    return { host: '127.0.0.1', port };
  },

  /** Jobs and flows instead of workflows: a fan-in is a parent job, a chain is a flow nested so deep, an event promotes a delayed job. */
  async open({ host, port }, progress) {
    const connection = { host, port, maxRetriesPerRequest: null };
    const queue = new Queue(queueName, { connection });
    const flows = new FlowProducer({ connection });
    const worker = new Worker(queueName, async (job) => job.data.n ?? 1, { connection, concurrency });
    worker.on('completed', ({ data: { key } }) => key && progress.ended(key));
    const step = (children = []) => ({ name: 'nothing', queueName, data: {}, children });
    const last = ({ key }, children) => flows.add({ name: 'last', queueName, data: { key }, opts: { jobId: key }, children });
    const parked = async (key, delay) => {
      await queue.add('parked', { key }, { jobId: key, delay });
      progress.waiting(key);
    };
    const starters = {
      one: ({ key }) => queue.add('one', { key }, { jobId: key }),
      fanOut: (input) => last(input, Array.from({ length: input.n }, () => step())),
      chain: (input) => last(input, Array.from({ length: input.n }).reduce((children) => [step(children)], [])),
      wait: ({ key }) => parked(key, aDay),
      sleep: ({ key, due }) => parked(key, Math.max(1, due - Date.now())),
    };
    await worker.waitUntilReady();
    return {
      start: (name, input) => starters[name](input),
      signal: async (key) => (await Job.fromId(queue, key)).promote(),
      settled: async () => {},
    };
  },
};

function redisVersion() {
  try {
    return execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)[1];
  } catch (error) {
    throw new Error('redis-server was not found: apt install redis-server', { cause: error });
  }
}
