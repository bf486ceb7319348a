// Keeps one page at hand where there is no link: the page that this worker was registered for, and the style, script and pictures that it asks for.
// What people write is not kept here but in the outbox of the page (outbox.js), and nothing of either outlasts signing out.
const shell = new URL(self.registration.scope).pathname, kept = 'mandate' + shell;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && pathname === shell) event.respondWith(page(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
});

// The server's page first: what is kept answers only when it does not, or not within ten seconds.
async function page(request) {
  const cache = await caches.open(kept);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(10000) });
    if (answer.ok) await cache.put(shell, answer.clone());
    return answer;
  } catch (error) {
    const last = await cache.match(shell, { ignoreVary: true });
    if (last) return last;
    throw error;
  }
}

// An asset with a version in its address never changes; of each there is one version here.
async function asset(request) {
  const cache = await caches.open(kept), last = await cache.match(request, { ignoreVary: true });
  if (last && new URL(request.url).search) return last;
  try {
    const answer = await fetch(request), { pathname } = new URL(request.url);
    if (answer.ok) {
      for (const old of await cache.keys()) if (new URL(old.url).pathname === pathname) await cache.delete(old);
      await cache.put(request, answer.clone());
    }
    return answer;
  } catch (error) {
    const any = last ?? await cache.match(request, { ignoreSearch: true, ignoreVary: true });
    if (any) return any;
    throw error;
  }
}
