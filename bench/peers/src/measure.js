import http from 'node:http';
import { inParallel } from './parallel.js';
import { Site } from './site.js';
import { median, percentile } from './statistics.js';

const workloads = { W1: fanOut, W2: chain, W3: starters, W7: restart, W8: timers };
const mostSeconds = 120;
let groups = 0;

/** The wanted workloads, once, on a fresh folder: workload id to its figures, or to the error that it ended with. */
export async function measure(peer, wanted, sites) {
  const site = new Site();
  sites.add(site);
  const results = new Map();
  try {
    const settings = await peer.prepare(site);
    results.set('W4', await freshProcess(site, peer, settings));
    for (const id of Object.keys(workloads).filter((id) => wanted.has(id)))
      results.set(id, await within(mostSeconds, workloads[id](site, peer, settings)).catch((error) => error));
  } catch (error) {
    for (const id of ['W4', ...Object.keys(workloads)]) if (!results.has(id)) results.set(id, error);
  } finally {
    await site.close();
    sites.delete(site);
  }
  return results;
}

/** From the start of the peer's process (and of its own server, where it has one) to its first finished run; a database runs already. */
async function freshProcess(site, peer, settings) {
  const begin = performance.now();
  await boot(peer, site, settings);
  await time(site, 'one');
  const seconds = (performance.now() - begin) / 1000;
  return [{ name: 'first run finished after', value: seconds, unit: 's' }, ...site.memory().map(([role, value]) => ({ name: role, value, unit: 'MiB' }))];
}

async function boot(peer, site, settings) {
  await peer.startEngine?.(site, settings);
  await site.open(peer.id, settings);
}

function time(site, workflow, n) {
  return site.app.ask('time', { workflow, key: `g${groups++}-0`, n });
}

async function fanOut(site) {
  const activities = 1_000;
  await warmUp(20, () => time(site, 'fanOut', activities));
  const rounds = 5;
  let milliseconds = 0;
  for (let i = 0; i < rounds; i++) milliseconds += await time(site, 'fanOut', activities);
  return [{ name: '', value: (rounds * activities * 1000) / milliseconds, unit: 'activities/s' }];
}

async function chain(site) {
  const steps = 200;
  await warmUp(20, () => time(site, 'chain', steps));
  const rounds = 5;
  let milliseconds = 0;
  for (let i = 0; i < rounds; i++) milliseconds += await time(site, 'chain', steps);
  return [{ name: '', value: milliseconds / (rounds * steps), unit: 'ms a step' }];
}

/** Sixteen callers over HTTP; the clock stops when the last run has ended. */
async function starters(site) {
  const count = 1_000;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  const round = async () => {
    const group = `g${groups++}`;
    const answers = [];
    const begin = performance.now();
    await inParallel(16, count, async (i) => {
      const asked = performance.now();
      await post(agent, site.starts, { key: `${group}-${i}` });
      answers.push(performance.now() - asked);
    });
    await site.app.ask('finish', { group, count });
    return { seconds: (performance.now() - begin) / 1000, answers };
  };
  await warmUp(8, round);
  const { seconds, answers } = await round();
  agent.destroy();
  return [
    { name: '', value: count / seconds, unit: 'runs/s' },
    { name: 'start p50', value: median(answers), unit: 'ms' },
    { name: 'p99', value: percentile(answers, 0.99), unit: 'ms' },
  ];
}

/** kill -9 while many runs wait; then a new run, and an event for each of those that waited. The seconds count from the restart. */
async function restart(site, peer, settings) {
  const group = `g${groups++}`;
  const count = peer.waiting ?? 10_000;
  await site.app.ask('park', { workflow: 'wait', group, count });
  await quiet();
  const handles = await site.app.ask('handles', { group });
  await site.kill();
  const begin = performance.now();
  await boot(peer, site, settings);
  await time(site, 'one');
  const firstRun = (performance.now() - begin) / 1000;
  await site.app.ask('signal', { handles });
  await site.app.ask('finish', { group, count });
  return [
    ...fewer(peer),
    { name: 'first new run finished after', value: firstRun, unit: 's' },
    { name: 'all events applied after', value: (performance.now() - begin) / 1000, unit: 's' },
  ];
}

/** The timers are due so late that all of them wait by then; the first of them are parked once for practice, to learn how late that is. */
async function timers(site, peer) {
  const count = peer.waiting ?? 10_000;
  const practice = count / 10;
  const begin = performance.now();
  await site.app.ask('park', { workflow: 'sleep', group: `g${groups++}`, count: practice, due: Date.now() + 1_000 });
  const due = Date.now() + ((performance.now() - begin) * 2 * count) / practice + 3_000;
  const group = `g${groups++}`;
  await site.app.ask('park', { workflow: 'sleep', group, count, due });
  if (Date.now() > due) throw new Error('the timers were due before all of them had begun to wait');
  await site.app.ask('finish', { group, count });
  const lateness = (await site.app.ask('endings', { group })).map((at) => at - due);
  return [...fewer(peer), { name: 'lateness p50', value: median(lateness), unit: 'ms' }, { name: 'max', value: percentile(lateness, 1), unit: 'ms' }];
}

/** Says so where a peer gets less to do than the others. */
function fewer({ waiting }) {
  return waiting ? [{ name: 'only', value: waiting, unit: 'of them' }] : [];
}

/** Until neither the rounds nor the seconds that a slow peer may take are left. */
async function warmUp(rounds, round) {
  const begin = performance.now();
  for (let i = 0; i < 2 || (i < rounds && performance.now() - begin < 2_500); i++) await round();
}

function post(agent, { port, path }, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, port, path, host: '127.0.0.1', method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      response.resume().on('end', () => (response.statusCode === 202 ? resolve() : reject(new Error(`a start was answered with ${response.statusCode}`))));
    });
    request.on('error', reject).end(JSON.stringify(body));
  });
}

/** Lets what was begun come to rest, so that every wait is recorded before the kill. */
function quiet() {
  return new Promise((resolve) => setTimeout(resolve, 2_000));
}

function within(seconds, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
