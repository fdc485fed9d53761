import path from 'node:path';
import { spawn } from 'node:child_process';

const project = path.join(import.meta.dirname, '../../Troupe.Bench');
const rows = { W1: 'W1', W2: 'W2', W3h: 'W3', W4: 'W4', W7: 'W7', W8: 'W8' };

/** Our own column: the rows of the same id that bench/Troupe.Bench prints, with its medians of as many runs. */
export async function troupe(runs, chosen, children) {
  const wanted = Object.keys(rows).filter((id) => chosen.has(rows[id]));
  const args = ['run', '-c', 'Release', '--project', project, '--', ...wanted, '--runs', String(runs)];
  const output = await capture(spawn('dotnet', args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true }), children);
  const lines = output.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').map((cell) => cell.trim()));
  if (lines.length === 0) throw new Error('bench/Troupe.Bench printed no table');
  const measured = lines[0].indexOf('measured');
  const cells = new Map(lines.map((cells) => [rows[cells[1].split(':')[0]], cells[measured]]));
  return {
    machine: output.split('\n').find((line) => line.includes('cores')) ?? '',
    column: { title: 'Troupe', about: 'this repository', durability: 'SQLite, WAL, synchronous=FULL', cell: (id) => cells.get(id) ?? '–' },
  };
}

async function capture(child, children) {
  children.add(child);
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  children.delete(child);
  return output;
}
