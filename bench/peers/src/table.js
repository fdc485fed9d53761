import { median } from './statistics.js';

const descriptions = {
  W1: 'fan out 1,000 no-op activities, fan in',
  W2: 'chain of 200 no-op activities',
  W3: '1,000 one-activity runs, 16 concurrent HTTP starters',
  W4: 'idle memory; a fresh process to its first finished run',
  W7: '10,000 waiting for an event, kill -9, restart',
  W8: '10,000 timers due at one instant',
};

export const works = Object.keys(descriptions);

/** @param {{ title: string, about: string, durability: string, cell: (id: string) => string }[]} columns */
export function table(columns, ids) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [
    row(['work', ...columns.map(({ title }) => title)]),
    row(['work', ...columns].map(() => '---')),
    ...works
      .filter((id) => ids.has(id))
      .map((id) => row([`${id}: ${descriptions[id]}`, ...columns.map(({ cell }) => cell(id))])),
    row(['versions', ...columns.map(({ about }) => about)]),
    row(['durability', ...columns.map(({ durability }) => durability)]),
  ].join('\n');
}

/** The medians of several runs; if one run failed, the cell says so instead. */
export function cellOf(outcomes) {
  const failure = outcomes.find((outcome) => outcome instanceof Error);
  if (failure) return `failed: ${failure.message.split('\n')[0].slice(0, 200).replaceAll('|', '/')}`;
  if (outcomes.length === 0) return '–';
  return outcomes[0].map((figure, index) => text({ ...figure, value: median(outcomes.map((outcome) => outcome[index].value)) })).join('; ');
}

function text({ name, value, unit }) {
  const number = value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
  return `${name} ${number} ${unit}`.trim();
}
