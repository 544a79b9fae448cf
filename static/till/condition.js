// How this tablet is: battery and storage in percent, where the browser tells. The sender's requests carry it.

const EVERY_MS = 5 * 60_000;

/** @type {Record<string, number>} */
export const condition = {};

/** Look now and every five minutes. */
export async function watchCondition() {
  const battery = await /** @type {any} */ (navigator).getBattery?.().catch(() => null);
  const look = async () => {
    if (battery) condition.battery = Math.round(battery.level * 100);
    const { usage, quota } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
    if (usage && quota) condition.storage = Math.round((100 * usage) / quota);
  };
  await look();
  setInterval(look, EVERY_MS);
}
