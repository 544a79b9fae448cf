// Says when the board stands still because the server cannot be reached. Draws no figures.

const stale = document.getElementById("stale");

/** @param {boolean} lost */
function tell(lost) {
  if (stale) stale.hidden = !lost;
}

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, () => tell(true));
}
document.addEventListener("htmx:afterSwap", () => tell(false));
