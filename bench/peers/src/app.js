/**
 * The process that a peer's engine and workflows live in: node app.js <peer>, forked by the harness, which gives orders over IPC.
 */
import http from 'node:http';
import { Progress } from './progress.js';
import { inParallel } from './parallel.js';

const { default: peer } = await import(`./peers/${process.argv[2]}.js`);
const progress = new Progress();
const engine = await peer.open(JSON.parse(process.argv[3]), progress);

const orders = {
  /** Starts one run and waits until its end is recorded: milliseconds. */
  async time({ workflow, key, n }) {
    const begin = performance.now();
    await engine.start(workflow, { key, n });
    await orders.finish({ group: group(key), count: 1 });
    return performance.now() - begin;
  },

  /** Starts runs that wait, and answers when all of them do. */
  async park({ workflow, group, count, due }) {
    await inParallel(64, count, (i) => engine.start(workflow, { key: `${group}-${i}`, due }));
    await progress.until(group, 'waiting', count);
  },

  async finish({ group, count }) {
    await progress.until(group, 'ended', count);
    const { key, handle } = progress.lastEnded(group);
    await engine.settled(key, handle);
  },

  async signal({ handles }) {
    await inParallel(64, handles.length, (i) => engine.signal(...handles[i]));
  },

  handles: ({ group }) => progress.handles(group),
  endings: ({ group }) => progress.endings(group),
};

process.on('message', async ({ id, order, input }) => {
  try {
    process.send({ id, result: await orders[order](input) });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: { ...(engine.starts ?? (await listen())) } });

function group(key) {
  return key.slice(0, key.lastIndexOf('-'));
}

/** For engines that have no HTTP server of their own: a bare one in the same process, as ours has in its bench. */
async function listen() {
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    try {
      await engine.start('one', JSON.parse(body));
      response.writeHead(202).end();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, path: '/start' };
}
