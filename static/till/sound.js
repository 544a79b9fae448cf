// Sounds of the till. Each has a colour and words on the screen too: fairs are loud.

/** @type {AudioContext | null} */
let audio = null;

/** name → [Hz, start ms, length ms] */
const TUNES = {
  added: [[880, 0, 90]],
  unknown: [[220, 0, 140], [220, 200, 140]],
  done: [[660, 0, 90], [990, 100, 120]],
};

/** What a hand feels where an ear hears nothing: ms on, off, on. */
const SHAKES = { added: [25], unknown: [80, 60, 80], done: [40, 50, 40] };

/** After the screen: making the first sound takes longer than drawing a line. @param {keyof typeof TUNES} name */
export const play = (name) => setTimeout(sound, 0, name);

/** @param {keyof typeof TUNES} name */
function sound(name) {
  navigator.vibrate?.(SHAKES[name]);
  if (muted()) return;
  try {
    audio ??= new AudioContext();
    for (const [hertz, start, length] of TUNES[name]) {
      const [tone, gain] = [audio.createOscillator(), audio.createGain()];
      const at = audio.currentTime + start / 1000;
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0.12, at);
      gain.gain.exponentialRampToValueAtTime(0.001, at + length / 1000);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + length / 1000);
    }
  } catch {
    // A tablet without sound still sells.
  }
}

export const muted = () => localStorage.getItem("till.muted") === "1";

export const setMuted = (/** @type {boolean} */ quiet) => localStorage.setItem("till.muted", quiet ? "1" : "0");
