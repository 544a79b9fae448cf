// The public receipt. The key behind the # never reaches the server by itself: post it, show the answer.
// Knows nothing of sums; without it the form on the page still works.

const place = document.getElementById("receipt");
const print = document.getElementById("print");
const SHOWN = [200, 404];

function say(words) {
  const line = document.createElement("p");
  line.className = "said";
  line.setAttribute("role", "status");
  line.textContent = words;
  return line;
}

function offerPrinting() {
  print.hidden = place.querySelector(".ticket") === null;
}

async function open(key) {
  const form = [...place.childNodes];
  place.replaceChildren(say(place.dataset.opening));
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: new URLSearchParams({ key }) });
    if (!SHOWN.includes(answer.status)) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
  } catch {
    place.replaceChildren(say(place.dataset.offline), ...form);
  }
  offerPrinting();
}

print.addEventListener("click", () => window.print());
offerPrinting();
const key = location.hash.slice(1);
if (key && place.querySelector(".ticket") === null) open(key);
