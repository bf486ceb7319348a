// form[data-outbox]: what is sent without a link waits on the device, survives the end of the browser, and goes when the link is back.
// Each entry has a key of its own, so that however often it is sent there is one record. The form works without this file.
const form = document.querySelector('form[data-outbox]'), box = document.querySelector('#outbox'), list = box.querySelector('ul'), words = box.dataset;
const home = new URL(form.action).pathname, user = document.documentElement.dataset.user ?? '', locale = document.documentElement.lang || 'en';
const make = (tag, className, text = '') => Object.assign(document.createElement(tag), { className, textContent: text });
const parse = html => new DOMParser().parseFromString(html, 'text/html');

// ---- The store: entries, and the key they are encrypted with, which this browser never gives out ----
const asked = request => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error); });
const opening = indexedDB.open('mandate-outbox', 1);
opening.onupgradeneeded = () => { opening.result.createObjectStore('entries', { keyPath: 'id' }); opening.result.createObjectStore('keys'); };
const base = await asked(opening);
base.onversionchange = () => base.close();                // signing out in another tab deletes it
const table = (name, mode = 'readonly') => base.transaction(name, mode).objectStore(name);
const entries = async () => (await asked(table('entries').getAll())).sort((a, b) => a.at - b.at);
const put = entry => asked(table('entries', 'readwrite').put(entry));
const drop = id => asked(table('entries', 'readwrite').delete(id));
async function key() {
  const known = await asked(table('keys').get('outbox'));
  if (known) return known;
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await asked(table('keys', 'readwrite').put(fresh, 'outbox'));
  return fresh;
}
async function seal(data) {
  const packed = new Response(data), iv = crypto.getRandomValues(new Uint8Array(12));
  return { type: packed.headers.get('content-type'), iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await key(), await packed.arrayBuffer()) };
}
async function open({ type, iv, bytes }) {
  return new Response(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await key(), bytes), { headers: { 'content-type': type } }).formData();
}

// ---- Sending ----
// The token of a page that was kept may be an old one: a fresh page has the one that counts now, and tells whether somebody is signed in.
async function token() {
  const answer = await fetch(home, { credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(20000) });
  const page = parse(await answer.text());
  return page.documentElement.dataset.user === user ? page.querySelector('form[data-outbox] [name=csrf]')?.value : null;
}
async function post(entry, csrf) {
  const data = await open(entry.sealed);
  data.set('csrf', csrf);
  data.set('key', entry.id);
  return fetch(home, { method: 'POST', body: data, credentials: 'same-origin', signal: AbortSignal.timeout(60000) });
}
const reason = page => [...page.querySelectorAll('.summary li, main .notice.is-bad, main h1 + p')].map(el => el.textContent.trim()).join(' ') || page.title;

// One after the other, in one tab only; a link that fails ends the round, a refusal does not.
const send = () => navigator.locks.request('mandate-outbox', { ifAvailable: true }, async lock => {
  const waiting = lock ? (await entries()).filter(entry => entry.state === 'queued') : [];
  if (!waiting.length || !navigator.onLine) return null;
  let last = null;
  try {
    const csrf = await token();
    if (!csrf) { box.dataset.stopped = 'sign-in'; return null; }
    delete box.dataset.stopped;
    for (const entry of waiting) {
      await show(entry.id);
      const answer = await post(entry, csrf), text = await answer.text();
      if (answer.status >= 500 || answer.status === 429) break;
      last = { entry, answer, page: parse(text) };
      if (answer.ok && answer.redirected) await put({ id: entry.id, user, at: entry.at, state: 'accepted', reference: answer.url.split('/').pop(), place: new URL(answer.url).pathname });
      else await put({ ...entry, state: 'refused', reason: reason(last.page) });
    }
  } catch (error) { console.debug(error); } finally { await show(); }
  return last;
});

// ---- The list ----
async function show(sending = null) {
  const all = await entries(), open = all.filter(entry => entry.state !== 'accepted').length;
  try { open ? localStorage.setItem('mandate.outbox', words.leaving) : localStorage.removeItem('mandate.outbox'); } catch { /* forbidden */ }
  box.hidden = !all.length;
  list.replaceChildren(...all.map(entry => {
    const state = entry.id === sending ? 'sending' : entry.state === 'queued' && box.dataset.stopped ? 'stopped' : entry.state;
    const item = make('li', ''), line = make('div', 'spread'), time = make('time', 'num', new Date(entry.at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: words.zone }));
    time.dateTime = new Date(entry.at).toISOString();
    line.append(time, make('span', { accepted: 'state is-good', refused: 'state is-bad', stopped: 'state is-warn' }[state] ?? 'state is-info', state === 'stopped' ? words.stoppedWord : words[state]));
    item.dataset.state = state;
    item.append(line);
    if (entry.reason) item.append(make('p', 'small', entry.reason));
    const acts = make('div', 'row');
    if (entry.place) acts.append(Object.assign(make('a', '', entry.reference), { href: entry.place, dir: 'ltr' }));
    if (entry.sealed && state !== 'sending') acts.append(button(words.edit, () => edit(entry)));
    if (state !== 'sending') acts.append(button(words.remove, () => drop(entry.id).then(() => show())));
    item.append(acts);
    return item;
  }));
}
const button = (text, act) => Object.assign(make('button', 'btn small quiet', text), { type: 'button', onclick: act });

// Puts files back into their field.
function give(name, files) {
  const field = form.elements[name], moved = new DataTransfer();
  files.filter(file => file.size).forEach(file => moved.items.add(file));
  if (!moved.files.length || field?.type !== 'file') return;
  field.files = moved.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

// Back into the form, to be changed and sent as something new.
async function edit(entry) {
  for (const [name, value] of await open(entry.sealed)) {
    const field = form.elements[name];
    if (value instanceof File) give(name, [value]);
    else if (field && !['csrf', 'key'].includes(name)) field.value = value;
  }
  await drop(entry.id);
  await show();
  form.querySelector('select, input:not([type=hidden]), textarea').focus();
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  event.stopPropagation();
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  try {
    const data = new FormData(form), id = crypto.randomUUID();
    for (const name of ['csrf', 'key']) data.delete(name);
    await put({ id, user, at: Date.now(), state: 'queued', sealed: await seal(data) });
    const last = await send();
    if (last?.entry.id === id) {
      await drop(id);
      if (last.answer.redirected) { form.dispatchEvent(new CustomEvent('accepted', { bubbles: true })); return void location.assign(last.answer.url); }
      // Said at the fields, as the server says it; what was typed is in its answer.
      await show();
      form.replaceChildren(...last.page.querySelectorAll('main form[data-outbox] > *'));
      form.dispatchEvent(new CustomEvent('renewed', { bubbles: true }));
      for (const name of new Set(data.keys())) give(name, data.getAll(name).filter(value => value instanceof File));
      document.querySelector('main .summary')?.remove();
      const summary = last.page.querySelector('main .summary') ?? last.page.querySelector('main .notice.is-bad');
      if (summary) { form.before(summary); summary.tabIndex = -1; summary.focus(); }
      return;
    }
    form.reset();
    form.dispatchEvent(new CustomEvent('accepted', { bubbles: true }));
    await show();
    box.tabIndex = -1; box.focus();
  } catch (error) { console.debug(error); form.submit(); } finally { delete form.dataset.busy; }
});

// ---- From the first visit on ----
for (const entry of await entries()) if (entry.user !== user) await drop(entry.id);     // somebody else's device now
await show();
addEventListener('online', send);
document.addEventListener('visibilitychange', () => { if (!document.hidden) send(); });
setInterval(send, 30000);
send();
if (location.pathname === home) {
  await navigator.serviceWorker.register('/assets/worker.js', { scope: home });
  const cache = await caches.open('mandate' + home), parts = [...document.querySelectorAll('link:is([rel=stylesheet], [rel=modulepreload], [rel=preload]), script[src]')].map(el => el.href || el.src);
  if (!await cache.match(home)) await cache.addAll([...new Set([home, import.meta.url, ...parts, '/assets/icons.svg'])]);
}
