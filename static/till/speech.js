// The change, spoken aloud in Vietnamese, for loud fairs and tired eyes. Honest: without such a voice it says so.

/** Short words a voice reads well: 115000 → "115 nghìn đồng", 1350500 → "1 triệu 350 nghìn 500 đồng". @param {number} amount */
export function spoken(amount) {
  if (!Number.isInteger(amount) || amount < 0) throw new RangeError("đồng, not below 0");
  const parts = [
    [Math.floor(amount / 1e6), "triệu"], [Math.floor(amount / 1000) % 1000, "nghìn"], [amount % 1000, ""],
  ].filter(([n]) => n).map(([n, unit]) => `${n} ${unit}`.trim());
  return `${parts.join(" ") || "0"} đồng`;
}

/** A voice of the device itself first: it works without the network. @param {{ lang: string, localService: boolean }[]} voices */
export const vietnamese = (voices) => {
  const fit = voices.filter((voice) => /^vi([-_]|$)/i.test(voice.lang));
  return fit.find((voice) => voice.localService) ?? fit[0] ?? null;
};

/** Whether this tablet has a Vietnamese voice (known only some time after the page opens). */
export const canSpeak = () => vietnamese(globalThis.speechSynthesis?.getVoices?.() ?? []) !== null;

/** @param {string} words */
export function say(words) {
  const synthesis = globalThis.speechSynthesis;
  const voice = vietnamese(synthesis?.getVoices?.() ?? []);
  if (!voice) return false;
  const said = new SpeechSynthesisUtterance(words);
  Object.assign(said, { voice, lang: voice.lang, rate: 1.05 });
  synthesis.cancel(); // the next customer's change, not the last one's
  synthesis.speak(said);
  return true;
}
