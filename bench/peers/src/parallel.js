/** Calls act(0 … count - 1), never more than `width` at a time. */
export async function inParallel(width, count, act) {
  let next = 0;
  const lane = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}

export async function until(condition, pause = 1) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, pause));
}
