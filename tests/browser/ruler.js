// What a ruler says of the page: targets too small or off the screen, words cut in a button, a total too small.
// Evaluated in the page by the browser tests. Returns sentences, none when all is well.
() => {
  const LEAST = 47.5; // 48 px, less half a pixel of rounding
  const out = [];
  const wide = document.documentElement.clientWidth;
  const scope = document.querySelector("dialog[open]") ?? document.body;
  const name = (it) => `${it.dataset.testid ?? it.className ?? it.tagName} “${(it.textContent.trim() || it.getAttribute("aria-label") || "").slice(0, 30)}”`;
  const hit = (it) => {
    const own = it.getBoundingClientRect();
    const label = it.closest("label")?.getBoundingClientRect();
    const after = getComputedStyle(it, "::after"); // a target may be larger than what is drawn
    if (after.content !== "none" && after.position === "absolute") {
      const around = getComputedStyle(it).position === "static" ? it.offsetParent.getBoundingClientRect() : own;
      const out = { top: parseFloat(after.top), bottom: parseFloat(after.bottom), left: parseFloat(after.left), right: parseFloat(after.right) };
      return new DOMRect(around.x + out.left, around.y + out.top, around.width - out.left - out.right, around.height - out.top - out.bottom);
    }
    return label && it.matches("[type=checkbox], [type=radio], [type=file], .only-sr") ? label : own;
  };
  for (const it of scope.querySelectorAll("button, a[href], input, select, textarea, summary")) {
    if (!it.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = hit(it);
    if (!box.width || getComputedStyle(it).pointerEvents === "none") continue;
    if (box.width < LEAST || box.height < LEAST) out.push(`small ${Math.round(box.width)}×${Math.round(box.height)} ${name(it)}`);
    if (box.left < -1 || box.right > wide + 1) {
      const scrolls = (function up(one) { return one && (/(auto|scroll)/.test(getComputedStyle(one).overflowX) || up(one.parentElement)); })(it.parentElement);
      if (!scrolls) out.push(`off the screen ${name(it)}`);
    }
    if (it.matches(".btn, .tab, .note") && it.scrollWidth > it.clientWidth + 1) out.push(`cut ${it.scrollWidth} > ${it.clientWidth} ${name(it)}`);
  }
  for (const key of scope.querySelectorAll("[data-testid=pay-row] button")) {
    if (key.getBoundingClientRect().height < 63.5) out.push(`pay row ${Math.round(key.getBoundingClientRect().height)} ${name(key)}`);
  }
  for (const sum of scope.querySelectorAll(".pay .total .num, .numbers .total .num")) {
    if (sum.checkVisibility() && parseFloat(getComputedStyle(sum).fontSize) < 40) out.push(`sum of ${getComputedStyle(sum).fontSize} ${name(sum)}`);
    if (sum.checkVisibility() && sum.scrollWidth > sum.clientWidth + 1) out.push(`sum cut ${name(sum)}`);
  }
  if (document.documentElement.scrollWidth > wide) out.push(`page wider than the screen: ${document.documentElement.scrollWidth} > ${wide}`);
  for (const it of scope.querySelectorAll("main, dialog, section")) {
    const style = getComputedStyle(it);
    if (it.checkVisibility() && style.overflowX !== "visible" && it.scrollWidth > it.clientWidth + 1) out.push(`scrolls sideways: ${it.tagName} ${it.className}`);
  }
  return out;
}
