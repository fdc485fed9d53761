import os from 'node:os';
import { parseArgs } from 'node:util';
import { measure } from './measure.js';
import { cellOf, table, works } from './table.js';
import { troupe } from './troupe.js';

const peers = ['restate', 'dbos', 'openworkflow', 'bullmq'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, runs: { type: 'string', default: '3' } },
});
const runs = Number(values.runs);
const only = values.only?.split(',') ?? ['troupe', ...peers];
const unknown = only.filter((name) => name !== 'troupe' && !peers.includes(name));
if (unknown.length > 0) fail(`There is no peer ${unknown.join(', ')}; there are troupe, ${peers.join(', ')}.`);
if (!(runs >= 1)) fail(`--runs takes a number of at least 1, not ${values.runs}.`);

const sites = new Set();
const children = new Set();
process.on('exit', abandon);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

const chosen = new Set(positionals.length > 0 ? positionals : works);
const long = new Set(['W7', 'W8']);
const unknownWorks = [...chosen].filter((id) => !works.includes(id));
if (unknownWorks.length > 0) fail(`There is no workload ${unknownWorks.join(', ')}; there are ${works.join(', ')}.`);
const columns = [];
let machine = `${os.cpus().length} cores, ${os.cpus()[0].model}, ${os.version()}`;
if (only.includes('troupe')) {
  say('Troupe');
  try {
    const ours = await troupe(runs, chosen, children);
    columns.push(ours.column);
    machine = `${os.cpus()[0].model}, ${ours.machine}`;
  } catch (error) {
    columns.push({ title: 'Troupe', about: '–', durability: '–', cell: () => cellOf([error]) });
  }
}

for (const id of peers.filter((peer) => only.includes(peer))) columns.push(await column(id));
console.log(`${machine}; Node ${process.version}. Medians of ${runs} run${runs === 1 ? '' : 's'}; the peers' W7 and W8 of one.\n`);
console.log(table(columns, chosen));

async function column(id) {
  const outcomes = [];
  let peer = { title: id };
  try {
    peer = { id, ...(await import(`./peers/${id}.js`)).default };
    for (let run = 1; run <= runs; run++) {
      say(`${peer.title}, run ${run} of ${runs}`);
      outcomes.push(await measure(peer, run === 1 ? chosen : chosen.difference(long), sites));
      for (const [work, outcome] of outcomes.at(-1)) say(`  ${work} ${cellOf([outcome])}`);
    }
    return { title: peer.title, about: peer.about(), durability: peer.durability, cell: (work) => cellOf(outcomes.map((outcome) => outcome.get(work)).filter(Boolean)) };
  } catch (error) {
    return { title: peer.title, about: '–', durability: '–', cell: () => cellOf([error]) };
  }
}

function say(text) {
  console.error(text);
}

function fail(text) {
  console.error(text);
  process.exit(2);
}

/** Ends what this process has started, by its id, when it is itself told to end; `dotnet run` leads a group of its own. */
function abandon() {
  for (const site of sites) site.abandon();
  for (const { pid } of children) process.kill(-pid);
}
