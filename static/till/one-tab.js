// One device sells in one tab: two would write one log twice. The newer one may take over.

/**
 * Resolves when this tab holds the till.
 * @param {{ other: (take: () => void) => void, taking: () => void, taken: () => void }} told
 *   other: another tab has it, `take` takes it over; taking: on the way; taken: it was taken from this tab
 */
export async function holdTab({ other, taking, taken }) {
  const hold = (/** @type {any} */ options) => new Promise((resolve, reject) => {
    navigator.locks
      .request("till-screen", options, () => new Promise(() => resolve(undefined)))
      .catch((error) => (error.name === "AbortError" ? taken() : reject(error)));
  });
  const free = hold({});
  const slow = new Promise((resolve) => setTimeout(resolve, 1500, "slow"));
  if ((await Promise.race([free, slow])) !== "slow") return;
  await new Promise((resolve) => {
    free.then(resolve);
    other(() => { taking(); hold({ steal: true }).then(resolve); });
  });
}
