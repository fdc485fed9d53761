import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

/** The version of an installed package, read from its own package.json (which not every package exports). */
export function packageVersion(name) {
  for (const folder of createRequire(import.meta.url).resolve.paths(name)) {
    const file = path.join(folder, name, 'package.json');
    if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')).version;
  }
  throw new Error(`${name} is not installed: run bench/peers/run, which does it`);
}
