import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import { packageVersion } from '../versions.js';

export default {
  title: 'Restate',
  about: () => `Restate server ${packageVersion('@restatedev/restate-server')}, SDK ${packageVersion('@restatedev/restate-sdk')}`,
  durability: 'one node, its defaults: the log is RocksDB, its WAL written with fsync',

  async prepare(site) {
    const settings = { ingress: await site.port(), admin: await site.port(), node: await site.port(), service: await site.port() };
    fs.mkdirSync(path.join(site.folder, 'restate'));
    return settings;
  },

  /** The server is killed together with the process of the services. */
  async startEngine(site, settings) {
    const local = (port) => `127.0.0.1:${port}`;
    const env = {
      RESTATE_BASE_DIR: path.join(site.folder, 'restate'),
      RESTATE_NODE_NAME: 'bench',
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_ADDRESS: local(settings.node),
      RESTATE_ADVERTISED_ADDRESS: `http://${local(settings.node)}`,
      RESTATE_INGRESS__BIND_ADDRESS: local(settings.ingress),
      RESTATE_ADMIN__BIND_ADDRESS: local(settings.admin),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'warn',
    };
    site.serve('engine', serverBinary(), ['--no-logo'], { env: { ...process.env, ...env }, cwd: site.folder, stop: 'SIGKILL' });
  },

  async open(settings, progress) {
    const nothing = (ctx, i) => ctx.run('nothing', () => i);
    const tell = (body) => async (ctx, input) => {
      await body(ctx, input);
      progress.ended(input.key, ctx.request().id);
    };
    const bench = restate.service({
      name: 'Bench',
      handlers: {
        one: tell((ctx) => nothing(ctx, 1)),
        fanOut: tell((ctx, { n }) => restate.RestatePromise.all(Array.from({ length: n }, (_, i) => nothing(ctx, i)))),
        chain: tell(async (ctx, { n }) => {
          for (let i = 0; i < n; i++) await nothing(ctx, i);
        }),
        wait: tell((ctx, { key }) => {
          const { id, promise } = ctx.awakeable();
          progress.waiting(key, id);
          return promise;
        }),
        sleep: tell((ctx, { key, due }) => {
          progress.waiting(key);
          return ctx.sleep(due - Date.now());
        }),
      },
    });
    await restate.serve({ services: [bench], port: settings.service });
    const ingress = clients.connect({ url: `http://127.0.0.1:${settings.ingress}` });
    await register(settings);
    return {
      starts: { port: settings.ingress, path: '/Bench/one/send' },
      start: (handler, input) => ingress.send({ service: 'Bench', handler, parameter: input, opts: jsonInput }),
      signal: (_, awakeable) => ingress.resolveAwakeable(awakeable, 1),
      settled: (_, invocationId) => ingress.result({ invocationId, status: 'Accepted', attachable: true }),
    };
  },
};

const jsonInput = clients.SendOpts.from({ input: clients.serde.json });

function serverBinary() {
  const require = createRequire(import.meta.url);
  return require.resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`);
}

/** Makes the services known to the server, as soon as it answers; to do so again after a restart changes nothing. */
async function register(settings) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${settings.admin}/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uri: `http://127.0.0.1:${settings.service}` }),
      });
      if (answer.ok) return;
      throw new Error(`Restate answers ${answer.status} to the registration: ${await answer.text()}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
