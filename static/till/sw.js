// Keeps the till's shell so that it opens without the network. The server puts BUILD, FILES and EXTRAS above this line.
// Caches only the files named there, EXTRAS (the camera's reader, the printer's part) when first used or when the page has time; calls to the API and every other page are none of its business.
// A new build waits until the page says it is between two carts.

/* global BUILD, FILES, EXTRAS */

const CACHE = `till-${BUILD}`;
const NAMED = new Set([...FILES, ...EXTRAS]);

/** What the page has just fetched is not fetched twice: an address that names its build never changes, the rest is asked after. @param {string} url */
const fresh = (url) => (url.startsWith("/till/build/") ? "default" : "no-cache");

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(FILES.map((url) => new Request(url, { cache: fresh(url) })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(
        names.filter((name) => name.startsWith("till-") && name !== CACHE).map((name) => caches.delete(name)),
      ))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "apply") self.skipWaiting();
  if (event.data === "extras") event.waitUntil(keepExtras(EXTRAS));
  if (event.data === "paper") event.waitUntil(keepExtras(EXTRAS.filter((url) => url.startsWith("/till/build/"))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !NAMED.has(url.pathname)) return;
  event.respondWith(
    caches.open(CACHE)
      .then((cache) => cache.match(url.pathname))
      .then((kept) => kept ?? (EXTRAS.includes(url.pathname) ? keep(request) : fetch(request))),
  );
});

/** Fetch and keep. @param {Request | string} request */
async function keep(request) {
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(new URL(answer.url).pathname, answer.clone());
  return answer;
}

/** @param {string[]} urls */
async function keepExtras(urls) {
  const cache = await caches.open(CACHE);
  for (const url of urls) if (!(await cache.match(url))) await keep(url).catch(() => {});
}
