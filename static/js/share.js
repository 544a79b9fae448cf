// Copy or share the text of a box: `<button data-share="#box">`. Without this script people select and copy it.

/** @param {HTMLButtonElement} button */
async function share(button) {
  const box = document.querySelector(String(button.dataset.share));
  if (!(box instanceof HTMLTextAreaElement)) return;
  const done = () => {
    const words = button.querySelector("span");
    if (words) words.textContent = String(button.dataset.done);
  };
  if (button.dataset.how === "share" && navigator.share) {
    await navigator.share({ text: box.value }).then(done, () => {});
    return;
  }
  try {
    await navigator.clipboard.writeText(box.value);
  } catch {
    box.select();
    document.execCommand("copy");
  }
  done();
}

for (const button of document.querySelectorAll("button[data-share]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = button.dataset.how === "share" && !navigator.share;
  button.addEventListener("click", () => share(button));
}
