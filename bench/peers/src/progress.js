/**
 * What the workflows of one process have told of themselves: which runs have come to their wait and which to their end.
 * A run's key is "<group>-<number>"; a replay may tell the same thing again.
 */
export class Progress {
  #groups = new Map();

  waiting(key, handle = key) {
    this.#tell(key, 'waiting', handle);
  }

  ended(key, handle = key) {
    this.#tell(key, 'ended', handle);
  }

  /** Key to handle, of the runs that have come to their wait. */
  handles(group) {
    return [...this.#group(group).waiting].map(([key, { handle }]) => [key, handle]);
  }

  /** When the runs of a group have ended, in milliseconds since 1970. */
  endings(group) {
    return [...this.#group(group).ended.values()].map(({ at }) => at);
  }

  lastEnded(group) {
    const [key, { handle }] = [...this.#group(group).ended].at(-1);
    return { key, handle };
  }

  /** @param {'waiting' | 'ended'} what */
  until(group, what, count) {
    const state = this.#group(group);
    return new Promise((resolve) => {
      state.watchers.push({ what, count, resolve });
      this.#notify(state);
    });
  }

  #tell(key, what, handle) {
    const state = this.#group(key.slice(0, key.lastIndexOf('-')));
    state[what].delete(key);
    state[what].set(key, { handle, at: Date.now() });
    this.#notify(state);
  }

  #group(name) {
    if (!this.#groups.has(name)) this.#groups.set(name, { waiting: new Map(), ended: new Map(), watchers: [] });
    return this.#groups.get(name);
  }

  #notify(state) {
    state.watchers = state.watchers.filter(({ what, count, resolve }) => {
      if (state[what].size < count) return true;
      resolve();
      return false;
    });
  }
}
