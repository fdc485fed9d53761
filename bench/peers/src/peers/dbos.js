import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { until } from '../parallel.js';
import { packageVersion } from '../versions.js';

const aDay = 86_400;

export default {
  title: 'DBOS',
  about: () => `DBOS ${packageVersion('@dbos-inc/dbos-sdk')}, ${postgres('postgres', '--version').trim()}`,
  durability: 'PostgreSQL with its defaults: fsync on, synchronous_commit on',

  /** A PostgreSQL cluster of our own. It does not run as root, so root gives it to the user that Debian's package makes. */
  async prepare(site) {
    const data = path.join(site.folder, 'postgres');
    const password = randomBytes(16).toString('hex');
    const passwordFile = path.join(site.folder, 'password');
    fs.mkdirSync(data);
    fs.writeFileSync(passwordFile, password);
    const user = process.getuid() === 0 ? owner('postgres') : {};
    if (user.uid !== undefined) for (const file of [site.folder, data, passwordFile]) fs.chownSync(file, user.uid, user.gid);
    const options = { ...user, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] };
    execFileSync(binary('initdb'), ['-D', data, '-U', 'bench', '-A', 'scram-sha-256', '--pwfile', passwordFile], options);
    const port = await site.port();
    site.serve('database', binary('postgres'), ['-D', data, '-p', port, '-k', data, '-c', 'listen_addresses=127.0.0.1'], { ...user, cwd: data, stop: 'SIGQUIT' });
    await site.reachable(port);
    return { url: `postgresql://bench:${password}@127.0.0.1:${port}/bench` };
  },

  async open({ url }, progress) {
    DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, logLevel: 'error', applicationVersion: '1' });
    const nothing = (i) => DBOS.runStep(async () => i, { name: 'nothing' });
    const bodies = {
      one: async () => nothing(1),
      fanOut: async ({ n }) => (await Promise.all(Array.from({ length: n }, (_, i) => nothing(i)))).length,
      chain: async ({ n }) => {
        for (let i = 0; i < n; i++) await nothing(i);
      },
      wait: async ({ key }) => {
        progress.waiting(key);
        await DBOS.recv('go', { timeoutSeconds: aDay });
      },
      sleep: async ({ key, due }) => {
        progress.waiting(key);
        await DBOS.sleep(due - Date.now());
      },
    };
    const register = ([name, body]) => [
      name,
      DBOS.registerWorkflow(
        async (input) => {
          await body(input);
          progress.ended(input.key);
        },
        { name },
      ),
    ];
    const workflows = Object.fromEntries(Object.entries(bodies).map(register));
    await DBOS.launch();
    return {
      start: (name, input) => DBOS.startWorkflow(workflows[name], { workflowID: input.key })(input),
      signal: (key) => DBOS.send(key, 1, 'go'),
      settled: (key) => until(async () => (await DBOS.getWorkflowStatus(key)).status === 'SUCCESS'),
    };
  },
};

function postgres(program, ...args) {
  return execFileSync(binary(program), args, { encoding: 'utf8' });
}

/** Debian keeps the server's programs out of the PATH, in a folder per version. */
function binary(program) {
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root).sort((a, b) => b - a) : [];
  const found = versions.map((version) => path.join(root, version, 'bin', program)).find((file) => fs.existsSync(file));
  if (!found) throw new Error(`${program} was not found under ${root}: apt install postgresql`);
  return found;
}

function owner(name) {
  const line = fs.readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  if (!line) throw new Error(`There is no user ${name}, and PostgreSQL does not run as root: apt install postgresql`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
