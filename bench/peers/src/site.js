import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fork, spawn } from 'node:child_process';
import { until } from './parallel.js';

const tmpfs = 0x01021994;

/** The folder, ports and processes of one run of one peer. Nothing of it is left when it is closed. */
export class Site {
  #processes = new Map();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-peers-'));

  constructor() {
    if (fs.statfsSync(this.folder).type !== tmpfs) return;
    fs.rmSync(this.folder, { recursive: true });
    throw new Error(`${os.tmpdir()} is in memory, so nothing there is durable: set TMPDIR to a folder on a disk`);
  }

  /** A port that is free now. */
  port() {
    return new Promise((resolve, reject) => {
      const server = net.createServer().on('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
    });
  }

  /** @param {'database' | 'engine'} role @param {{ stop: NodeJS.Signals, cwd: string, env?: object, uid?: number, gid?: number }} options */
  serve(role, program, args, { stop, ...options }) {
    const log = fs.openSync(path.join(this.folder, `${role}.log`), 'a');
    this.#keep(role, spawn(program, args.map(String), { ...options, stdio: ['ignore', log, log] }), stop);
    fs.closeSync(log);
  }

  /** Forks the peer's own process and waits for its word that it is ready. */
  async open(peer, settings) {
    const log = fs.openSync(path.join(this.folder, 'app.log'), 'a');
    const app = fork(path.join(import.meta.dirname, 'app.js'), [peer, JSON.stringify(settings)], { stdio: ['ignore', log, log, 'ipc'] });
    fs.closeSync(log);
    this.#keep('app', app, 'SIGKILL');
    const replies = new Map();
    this.app = {
      ask: (order, input) =>
        new Promise((resolve, reject) => {
          const id = replies.size;
          replies.set(id, { resolve, reject });
          app.send({ id, order, input }, (error) => error && reject(new Error(this.#story('app', error.message))));
        }),
    };
    this.starts = await new Promise((resolve, reject) => {
      app.on('message', ({ id, result, error, ready }) => {
        if (ready) resolve(ready);
        else if (error) replies.get(id).reject(new Error(error));
        else replies.get(id).resolve(result);
      });
      app.on('exit', () => {
        const ended = new Error(this.#story('app', 'the process of the peer ended'));
        reject(ended);
        for (const reply of replies.values()) reply.reject(ended);
      });
    });
  }

  async reachable(port) {
    await until(() => {
      for (const [role, { child }] of this.#processes) if (child.exitCode !== null) throw new Error(this.#story(role, `the ${role} ended`));
      return new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
        socket.once('close', () => socket.destroy()).once('connect', () => socket.end());
      });
    }, 10);
  }

  /** kill -9 of the engine: of its server, where it has one, and of the process of its workflows. A database goes on. */
  async kill() {
    await Promise.all(['engine', 'app'].map((role) => this.#end(role, 'SIGKILL')));
  }

  /** Proportional set sizes of all processes, in MiB, by role. */
  memory() {
    return [...this.#processes].map(([role, { child }]) => [role, family(child.pid).reduce((sum, pid) => sum + proportionalSetSize(pid), 0)]);
  }

  async close() {
    for (const role of ['app', 'engine', 'database']) await this.#end(role);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** For an end without notice. */
  abandon() {
    for (const { child, stop } of this.#processes.values()) child.kill(stop);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  #keep(role, child, stop) {
    child.once('error', () => {});
    this.#processes.set(role, { child, stop, gone: new Promise((resolve) => child.once('close', resolve)) });
  }

  async #end(role, signal) {
    const kept = this.#processes.get(role);
    if (!kept) return;
    this.#processes.delete(role);
    if (kept.child.exitCode === null && kept.child.signalCode === null) kept.child.kill(signal ?? kept.stop);
    await kept.gone;
  }

  #story(role, what) {
    const file = path.join(this.folder, `${role}.log`);
    const tail = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').slice(-5).join(' ') : '';
    return `${what}${tail && `: ${tail}`}`;
  }
}

function family(pid) {
  const file = `/proc/${pid}/task/${pid}/children`;
  const children = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
  return [pid, ...children.flatMap(family)];
}

function proportionalSetSize(pid) {
  const file = `/proc/${pid}/smaps_rollup`;
  return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8').match(/^Pss:\s+(\d+) kB/m)[1]) / 1024 : 0;
}
