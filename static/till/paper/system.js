// The browser's own print dialog: always there, never by itself. The page is as long as the paper.

const DOTS_PER_MM = 8; // 203 dpi

/** @param {HTMLCanvasElement} canvas resolves when the dialog went */
export async function printPicture(canvas) {
  const [width, height] = [canvas.width / DOTS_PER_MM, canvas.height / DOTS_PER_MM];
  const paper = canvas.width > 400 ? 80 : 58;
  const rules = new CSSStyleSheet();
  rules.replaceSync(`
    .paper-sheet { display: none; }
    @media print {
      @page { size: ${paper}mm ${Math.ceil(height) + 4}mm; margin: 0; }
      body > :not(.paper-sheet) { display: none !important; }
      body { margin: 0; background: #fff; }
      .paper-sheet { display: block; width: ${width}mm; height: ${height}mm; margin-inline: auto; image-rendering: pixelated; }
    }`);
  canvas.className = "paper-sheet";
  document.adoptedStyleSheets.push(rules);
  document.body.append(canvas);
  try {
    window.print();
  } finally {
    canvas.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== rules);
  }
}
