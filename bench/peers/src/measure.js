import http from 'node:http';
import { inParallel } from './parallel.js';
import { Site } from './site.js';
import { median, percentile } from './statistics.js';

const runs = 10_000;
let groups = 0;

/** All workloads, once, on a fresh folder: workload id to figures, or to the error that it ended with. */
export async function measure(peer, chosen, sites) {
  const site = new Site();
  sites.add(site);
  const results = new Map();
  try {
    const settings = await peer.prepare(site);
    const begin = performance.now();
    await boot(peer, site, settings);
    await time(site, 'one');
    const firstRun = (performance.now() - begin) / 1000;
    results.set('W4', [...site.memory().map(([role, value]) => ({ name: role, value, unit: 'MiB' })), { name: 'first run finished after', value: firstRun, unit: 's' }]);
    const workloads = { W1: fanOut, W2: chain, W3: starters, W7: restart, W8: timers };
    for (const [id, workload] of Object.entries(workloads)) {
      if (chosen.size > 0 && !chosen.has(id)) continue;
      results.set(id, await within(240, workload(site, peer, settings)).catch((error) => error));
    }
  } catch (error) {
    results.set('W4', error);
  } finally {
    await site.close();
    sites.delete(site);
  }
  return results;
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
  for (let i = 0; i < 5; i++) await time(site, 'fanOut', activities);
  const rounds = 5;
  let milliseconds = 0;
  for (let i = 0; i < rounds; i++) milliseconds += await time(site, 'fanOut', activities);
  return [{ name: '', value: (rounds * activities * 1000) / milliseconds, unit: 'activities/s' }];
}

async function chain(site) {
  const steps = 200;
  for (let i = 0; i < 5; i++) await time(site, 'chain', steps);
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
  for (let i = 0; i < 2; i++) await round();
  const { seconds, answers } = await round();
  agent.destroy();
  return [
    { name: '', value: count / seconds, unit: 'runs/s' },
    { name: 'start p50', value: median(answers), unit: 'ms' },
    { name: 'p99', value: percentile(answers, 0.99), unit: 'ms' },
  ];
}

/** kill -9 while 10,000 runs wait; then a new run, and an event for each of those that waited. */
async function restart(site, peer, settings) {
  const group = `g${groups++}`;
  const begin = performance.now();
  await site.app.ask('park', { workflow: 'wait', group, count: runs });
  site.secondsToPark = (performance.now() - begin) / 1000;
  await quiet();
  const handles = await site.app.ask('handles', { group });
  await site.kill();
  const again = performance.now();
  await boot(peer, site, settings);
  await time(site, 'one');
  const firstRun = (performance.now() - again) / 1000;
  const first = performance.now();
  await site.app.ask('signal', { handles });
  await site.app.ask('finish', { group, count: runs });
  return [
    { name: 'first new run', value: firstRun, unit: 's' },
    { name: 'all events applied', value: (performance.now() - first) / 1000, unit: 's' },
  ];
}

/** The timers are due so late that all of them wait by then; the time that W7 took to park as many says how late that is. */
async function timers(site) {
  const group = `g${groups++}`;
  const due = Date.now() + Math.ceil((site.secondsToPark ?? 30) * 1_500) + 3_000;
  await site.app.ask('park', { workflow: 'sleep', group, count: runs, due });
  if (Date.now() > due) throw new Error('the timers were due before all of them had begun to wait');
  await site.app.ask('finish', { group, count: runs });
  const lateness = (await site.app.ask('endings', { group })).map((at) => at - due);
  return [
    { name: 'lateness p50', value: median(lateness), unit: 'ms' },
    { name: 'max', value: percentile(lateness, 1), unit: 'ms' },
  ];
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
