// Mandate: makes the server's pages faster and live. Every page works without it; nothing here is needed to do a job.
// One file, no dependencies. What it does is asked for by data attributes; docs/design.md lists them.
const root = document.documentElement, body = document.body;
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const on = (type, fn, target = document, options) => target.addEventListener(type, fn, options);
const store = {
  get(key) { try { return localStorage.getItem('mandate.' + key); } catch { return null; } },
  set(key, value) { try { value === null ? localStorage.removeItem('mandate.' + key) : localStorage.setItem('mandate.' + key, value); } catch { /* full or forbidden */ } },
  keys() { try { return Object.keys(localStorage).filter(k => k.startsWith('mandate.')).map(k => k.slice(8)); } catch { return []; } },
};
const locale = (root.lang || 'en') + (root.dataset.numbers ? '-u-nu-' + root.dataset.numbers : '');
const figures = new Intl.NumberFormat(locale), two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 }), plural = new Intl.PluralRules(root.lang || 'en');
const skew = root.dataset.now ? Date.parse(root.dataset.now) - Date.now() : 0;
const fill = (text, values) => (text || '').replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
// Words for a number: data-n-one, data-n-two, data-n-few, data-n-many, data-n-other on the element, each with {n}.
const counted = (el, n) => { const kind = plural.select(n); return fill(el.dataset['n' + kind[0].toUpperCase() + kind.slice(1)] ?? el.dataset.nOther ?? '{n}', { n: figures.format(n) }); };
const debounce = (fn, ms) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(fn, ms, ...args); }; };
const typing = el => el?.matches?.('input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=file],[type=range]), textarea, select, [contenteditable]') ?? false;
const make = (tag, className = '', textContent = '') => Object.assign(document.createElement(tag), { className, textContent });
const parse = html => new DOMParser().parseFromString(html, 'text/html');
let serial = 0;
const idOf = (el, stem = 'm') => el.id ||= `${stem}-${++serial}`;

// Says something to screen readers without moving the focus.
const voice = make('div', 'sr');
voice.setAttribute('role', 'status');
const say = text => { if (!text) return; voice.textContent = ''; setTimeout(() => { voice.textContent = text; }, 60); };

// Asks the server for a part of a page. A sign-in page in answer means the session ended: go there.
async function ask(url, kind, options = {}) {
  const answer = await fetch(url, { credentials: 'same-origin', ...options, headers: { 'X-Fragment': kind, ...options.headers } });
  if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname.startsWith('/sign-in'))) { const gone = new Error('signed out'); gone.name = 'SignedOut'; throw gone; }
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}
const isOld = error => error.name === 'AbortError';

// ---- Working: a.why opens …/working at the end edge ----
let whyOpen = null;
const marked = link => { link.setAttribute('aria-expanded', 'true'); link.setAttribute('aria-controls', 'working'); };
async function openWorking(link) {
  if ($('#working') && (whyOpen === link || link.closest('.asked'))) return closeWorking();
  link.setAttribute('aria-busy', 'true');
  try {
    const panel = $('aside.working, .working', parse(await (await ask(link.href, 'working')).text()));
    if (!panel) throw new Error('no panel');
    closeWorking(false);
    panel.id = 'working';
    ($('[data-working-slot]') ?? $('main') ?? body).append(document.adoptNode(panel));
    enhance(panel);
    whyOpen = link;
    marked(link);
    const heading = $('h1, h2, h3', panel) ?? panel;
    heading.tabIndex = -1; heading.focus({ preventScroll: getComputedStyle(panel).position === 'fixed' });
  } catch (error) { console.debug(error); location.assign(link.href); } finally { link.removeAttribute('aria-busy'); }
}
function closeWorking(back = true) {
  const panel = $('#working');
  if (!panel) return;
  const shut = back && $('.asked > .why[href]');         // the cell of a sheet that the page itself is asked about
  if (shut) return void turn(shut.href, location.href);
  const link = whyOpen?.isConnected ? whyOpen : $('.why[aria-expanded="true"]');
  panel.remove(); whyOpen = null;
  for (const el of $$('.why[aria-expanded="true"]')) { el.setAttribute('aria-expanded', 'false'); el.removeAttribute('aria-controls'); }
  if (back) link?.focus();
}

// ---- a[data-turn]: a page that differs only in part takes the place of this one; nothing jumps, and "back" goes back ----
let standing = location.href.split('#')[0];
async function turn(href, focus = null, push = true) {
  const to = href.split('#')[0], top = scrollY, from = $$('main .scroll').map(el => el.scrollLeft);
  body.setAttribute('aria-busy', 'true');
  try {
    const page = parse(await (await ask(to, 'page')).text()), fresh = $('main', page);
    if (!fresh) throw new Error('no page');
    whyOpen = null;
    $('main').replaceChildren(...[...fresh.childNodes].map(node => document.adoptNode(node)));
    document.title = page.title;
    for (const link of $$('.top a[hreflang]')) link.href = $(`.top a[hreflang="${link.hreflang}"]`, page)?.href ?? link.href;
    if (push) history.pushState(null, '', to);
    standing = to;
    enhance($('main'));
    scrollTo({ top, behavior: 'instant' });
    $$('main .scroll').forEach((el, i) => { el.scrollLeft = from[i] ?? 0; });
    const near = focus && $$('main a[data-turn]').find(el => el.href.split('#')[0] === focus.split('#')[0]);
    const at = near ?? $('#working h2') ?? $('.asked > a') ?? $('main');
    if (!at.matches('a')) at.tabIndex = -1;
    at.focus({ preventScroll: true });
    $('.asked')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  } catch (error) { console.debug(error); location.assign(href); } finally { body.removeAttribute('aria-busy'); }
}
on('popstate', () => { const to = location.href.split('#')[0]; if (to !== standing) turn(to, null, false); }, window);
// Arrow keys go from cell to cell of a sheet.
function stepCell(cell, key) {
  const row = cell.parentElement, ahead = (key === 'ArrowRight') === (getComputedStyle(row).direction === 'ltr');
  const rows = $$('tr', row.closest('table')).filter(el => $('a[data-turn]', el)), at = rows.indexOf(row);
  const next = key === 'ArrowUp' || key === 'ArrowDown' ? rows[at + (key === 'ArrowDown' ? 1 : -1)]?.cells[cell.cellIndex] : row.cells[cell.cellIndex + (ahead ? 1 : -1)];
  const link = next && $('a[data-turn]', next);
  link?.focus();
  return Boolean(link);
}

// A panel that lies over the page never hides what has the focus.
on('focusin', ({ target }) => {
  const panel = $('#working');
  if (!panel || panel.contains(target) || target === whyOpen || getComputedStyle(panel).position !== 'fixed') return;
  const a = panel.getBoundingClientRect(), b = target.getBoundingClientRect();
  if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom && b.width) closeWorking(false);
});
const whyNear = el => {                                  // the nearest why around the focused value, no farther than its row or card
  for (let at = el; at && at !== body && !at.matches('main, section, form, table'); at = at.parentElement) { const why = at.matches('.why') ? at : $('.why', at); if (why) return why; }
  return null;
};

// ---- Combobox: one list for the search box and the pickers ----
function combo(input, { load, label, pick, empty }) {
  const list = make('div', 'menu combo-list'), box = input.closest('.picker, .ask') ?? input.parentElement;
  let running = null, at = -1;
  list.hidden = true; list.setAttribute('role', 'listbox'); list.setAttribute('aria-label', label ?? '');
  box.append(list);
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-expanded': 'false', 'aria-controls': idOf(list, 'list'), 'aria-autocomplete': 'list', autocomplete: 'off' })) input.setAttribute(name, value);
  const options = () => $$('[role=option]', list);
  const close = () => { running?.abort(); list.hidden = true; at = -1; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); };
  const move = to => {
    const all = options();
    if (!all.length) return;
    at = (to + all.length) % all.length;
    all.forEach((el, i) => el.setAttribute('aria-selected', String(i === at)));
    input.setAttribute('aria-activedescendant', idOf(all[at], 'option'));
    all[at].scrollIntoView({ block: 'nearest' });
  };
  const search = async () => {
    running?.abort();
    const { signal } = running = new AbortController();
    try {
      const nodes = await load(input.value.trim(), signal);
      if (signal.aborted || document.activeElement !== input) return;
      list.replaceChildren(...nodes); at = -1; input.removeAttribute('aria-activedescendant');
      const all = options();
      all.forEach(el => { idOf(el, 'option'); el.setAttribute('aria-selected', 'false'); el.tabIndex = -1; });
      list.hidden = !list.childNodes.length;
      input.setAttribute('aria-expanded', String(!list.hidden));
      if (input.value.trim()) say(all.length ? counted(input, all.length) : empty ?? input.dataset.none);
    } catch (error) { if (!isOld(error)) close(); }
  };
  on('input', () => running?.abort(), input);
  on('input', debounce(search, 150), input);
  on('keydown', event => {
    if (event.isComposing || event.altKey && event.key !== 'ArrowDown') return;
    const open = !list.hidden;
    if (event.key === 'ArrowDown') { event.preventDefault(); open ? move(at + 1) : search(); }
    else if (event.key === 'ArrowUp' && open) { event.preventDefault(); move(at < 0 ? -1 : at - 1); }
    else if (event.key === 'Enter' && open && at >= 0) { event.preventDefault(); const chosen = options()[at]; close(); pick(chosen); }
    else if (event.key === 'Escape' && open) { event.preventDefault(); event.stopPropagation(); close(); }
  }, input);
  on('mousedown', event => event.preventDefault(), list);
  on('click', event => { const el = event.target.closest('[role=option]'); if (el) { close(); if (!el.href) pick(el); } }, list);
  on('blur', () => setTimeout(close, 120), input);
}
function searchBox(input) {
  const to = input.dataset.ask || input.form?.getAttribute('action') || '/search';
  combo(input, {
    label: input.getAttribute('aria-label'),
    async load(q, signal) {
      if (!q) return [];
      return [...parse(await (await ask(`${to}?fragment=1&q=${encodeURIComponent(q)}`, 'search', { signal })).text()).body.children].map(el => document.adoptNode(el));
    },
    pick: el => location.assign(el.href ?? el.dataset.href),
  });
}
// data-picker on an input stands in for the select or text field whose id is data-picker-target (or for itself).
function picker(input) {
  const wrap = make('div', 'picker');
  input.replaceWith(wrap);
  wrap.append(input);
  let target = document.getElementById(input.dataset.pickerTarget ?? '');
  if (!target) {
    target = Object.assign(make('input'), { type: 'hidden', name: input.name, value: input.dataset.value ?? input.value });
    input.removeAttribute('name'); wrap.append(target);
  } else {
    target.hidden = true; input.hidden = false; input.disabled = false;
    for (const el of $$('label')) if (el.htmlFor === target.id) el.htmlFor = idOf(input, 'picker');
    input.required = target.required && !target.multiple; target.required = false;
    for (const name of ['aria-describedby', 'aria-invalid']) if (target.hasAttribute(name)) input.setAttribute(name, target.getAttribute(name));
  }
  const select = target.matches('select') ? target : null, many = select?.multiple;
  const label = input.labels?.[0]?.textContent?.trim() ?? input.getAttribute('aria-label') ?? '';
  let title = many ? '' : input.dataset.title ?? (select ? (select.value && select.selectedOptions[0]?.text) || '' : input.value || target.value);
  input.value = title;
  const changed = () => target.dispatchEvent(new Event('change', { bubbles: true }));
  const chips = many ? make('ul', 'picked') : null;
  const drawChips = () => {
    chips.replaceChildren(...[...select.selectedOptions].map(option => {
      const item = make('li', 'chip on'), remove = make('button', 'x', '×');
      Object.assign(remove, { type: 'button', ariaLabel: fill(input.dataset.remove ?? '× {name}', { name: option.text }) });
      on('click', () => { option.selected = false; drawChips(); changed(); input.focus(); }, remove);
      item.append(option.text, remove);
      return item;
    }));
  };
  if (many) { chips.setAttribute('aria-label', label); wrap.before(chips); drawChips(); }
  combo(input, {
    label,
    async load(q, signal) {
      const join = input.dataset.picker.includes('?') ? '&' : '?';
      const found = await (await ask(`${input.dataset.picker}${join}q=${encodeURIComponent(q)}`, 'pick', { signal, headers: { Accept: 'application/json' } })).json();
      const rows = found.map(({ id, title: text, note }) => {
        const row = make('div');
        row.setAttribute('role', 'option'); row.dataset.id = id; row.dataset.title = text;
        row.append(make('bdi', '', text), ...(note ? [make('span', 'end', note)] : []));
        return row;
      });
      if (!rows.length && input.dataset.none) rows.push(make('span', 'menu-title', input.dataset.none));
      return rows;
    },
    pick({ dataset: { id, title: text } }) {
      if (select) ([...select.options].find(o => o.value === id) ?? select.appendChild(new Option(text, id))).selected = true; else target.value = id;
      if (many) { drawChips(); input.value = ''; } else input.value = title = text;
      say(text);
      changed();
    },
  });
  on('change', () => {                                   // left with a text that was not chosen: back to what holds
    if (input.value === title) return;
    if (!input.value.trim() && !many) { target.value = ''; title = ''; changed(); } else input.value = many ? '' : title;
  }, input);
}

// ---- Lists: rows, choosing, bulk bar ----
let lastBox = null;
const rowsOf = el => $$('[data-row]', el?.closest('table, ol, ul, [data-rows]') ?? document);
const rowLink = row => row.matches('a[href]') ? row : $('a[data-open], a.plain, a.title, a[href]:not(.why)', row);
function stepRow(by) {
  const here = document.activeElement?.closest('[data-row]') ?? $('[data-row].is-at') ?? $('[data-row][aria-current]');
  const rows = rowsOf(here);
  if (!rows.length) return false;
  const to = here ? Math.min(rows.length - 1, Math.max(0, rows.indexOf(here) + by)) : 0;
  $$('[data-row].is-at').forEach(el => el.classList.remove('is-at'));
  rows[to].classList.add('is-at');
  rowLink(rows[to])?.focus();
  return true;
}
function range(box) {
  const all = $$('input[data-select]', box.closest('table, ol, ul, [data-rows]') ?? document), from = all.indexOf(lastBox), to = all.indexOf(box);
  if (from >= 0) for (const el of all.slice(Math.min(from, to), Math.max(from, to) + 1)) el.checked = box.checked;
}
function countChosen(aloud = true) {
  const all = $$('input[data-select]'), n = all.filter(el => el.checked).length;
  for (const el of all) el.closest('[data-row]')?.classList.toggle('is-chosen', el.checked);
  for (const master of $$('input[data-select-all]')) { master.checked = n > 0 && n === all.length; master.indeterminate = n > 0 && n < all.length; }
  for (const bar of $$('[data-bulk]')) {
    bar.hidden = n === 0;
    for (const words of $$('[data-bulk-count]', bar)) { words.textContent = counted(words, n); if (n && aloud) say(words.textContent); }
  }
}
const quietCount = debounce(() => countChosen(false), 30);

// ---- Live pages ----
const live = { source: null, wait: 1000, kept: new Map(), stale: false, asking: false, again: false };
const serverText = region => { const copy = region.cloneNode(true); for (const el of $$('[data-volatile]', copy)) el.replaceWith(''); return copy.innerHTML; };
const touched = el => el.type === 'checkbox' || el.type === 'radio' ? el.checked !== el.defaultChecked : el.matches('select') ? (el.multiple ? [...el.options].some(o => o.selected !== o.defaultSelected) : el.selectedIndex !== Math.max(0, [...el.options].findIndex(o => o.defaultSelected))) : el.value !== el.defaultValue;
const nameOf = (el, within) => {                         // finds the same element again after a swap: id, else name and value, else link, else kind; then its number
  const { id, name, type, value } = el, href = el.getAttribute('href');
  const by = id ? '#' + CSS.escape(id) : name ? `[name="${CSS.escape(name)}"]` + (/^(checkbox|radio)$/.test(type) ? `[value="${CSS.escape(value)}"]` : '') : href ? `[href="${CSS.escape(href)}"]` : el.localName;
  return [by, $$(by, within).indexOf(el)];
};
const find = ([by, number], within) => $$(by, within)[number];
function swap(region, fresh) {
  const isAtEnd = region.matches('.thread') && region.scrollHeight - region.scrollTop - region.clientHeight < 24;
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  if (active && typing(active) && (!active.matches('select') ? touched(active) : true)) return false;
  const focus = active && nameOf(active, region), caret = active?.selectionStart ?? null;
  const open = $$('details[open]', region).map(el => nameOf(el, region)), scrolls = $$('*', region).filter(el => el.scrollTop || el.scrollLeft).map(el => [nameOf(el, region), el.scrollTop, el.scrollLeft]);
  const fields = $$('input, textarea, select', region).filter(el => !/^(hidden|file|submit|button|password)$/.test(el.type) && touched(el)).map(el => [nameOf(el, region), el.value, el.checked]);
  const { scrollTop, scrollLeft } = region, whyHref = region.contains(whyOpen) ? whyOpen.getAttribute('href') : null;
  region.replaceChildren(...[...fresh.childNodes].map(node => document.adoptNode(node)));
  for (const name of open) { const el = find(name, region); if (el?.matches('details')) el.open = true; }
  for (const [name, value, checked] of fields) { const el = find(name, region); if (el) { el.value = value; el.checked = checked; } }
  for (const [name, top, left] of scrolls) find(name, region)?.scrollTo(left, top);
  region.scrollTop = isAtEnd ? region.scrollHeight : scrollTop; region.scrollLeft = scrollLeft;
  enhance(region);
  if (whyHref) { const link = $(`.why[href="${CSS.escape(whyHref)}"]`, region); if (link) { whyOpen = link; marked(link); } }
  if (focus) { const el = find(focus, region); el?.focus({ preventScroll: true }); if (caret !== null) try { el?.setSelectionRange?.(caret, caret); } catch { /* not a text field */ } }
  return true;
}
async function refresh() {                               // one at a time: an older answer must not come after a newer one
  const main = $('[data-live]');
  if (!main) return;
  if (live.asking) { live.again = true; return; }
  live.asking = true;
  try {
    const page = parse(await (await ask(location.href, 'live', { headers: { 'Cache-Control': 'no-cache' } })).text());
    let done = 0, kept = 0;
    for (const region of $$('[data-region]')) {
      const name = region.dataset.region, fresh = $(`[data-region="${CSS.escape(name)}"]`, page);
      if (!fresh) continue;
      const text = serverText(fresh);
      if (text === live.kept.get(name)) continue;
      if (swap(region, fresh)) { live.kept.set(name, text); done += 1; } else kept += 1;
    }
    const note = $('[data-live-note]');
    if (note) {
      if (kept && note.hidden) say(note.textContent.trim());
      note.hidden = kept === 0;
    }
    if (done) { quietCount(); tick(); say(fill(main.dataset.liveWords, { n: figures.format(done) })); }
  } catch (error) { if (error.name === 'SignedOut') disconnect(); else if (!live.source) live.stale = true; else setTimeout(() => soon(), 3000); }
  finally { live.asking = false; if (live.again) { live.again = false; soon(); } }
}
// However many events come, twice a second at most; put off by each next one, it would never come while vehicles move.
let asked = 0, due = null;
const soon = () => { due ??= setTimeout(() => { due = null; asked = Date.now(); refresh(); }, Math.max(250, 500 - (Date.now() - asked))); };
on('refresh', () => soon());                             // a work screen changed what it asks for
// What happened while nobody listened is not told again: it is asked for.
function catchUp() { soon(); document.dispatchEvent(new CustomEvent('live', { detail: { kind: 'gap' } })); }
function disconnect() { live.source?.close(); live.source = null; clearTimeout(live.timer); }
function lost(isLost) {                                  // said from the second failure on: a server that restarts is back before
  const note = $('[data-live-lost]');
  if (note?.hidden && isLost) say(note.textContent.trim());
  if (note) note.hidden = !isLost;
}
function connect() {
  const main = $('[data-live]');
  if (!main || live.source) return;
  const source = live.source = new EventSource(main.dataset.live);
  on('open', () => { live.wait = 1000; if (live.stale) catchUp(); live.stale = false; main.removeAttribute('data-live-off'); lost(false); }, source);
  on('message', event => {
    let message = {};
    try { message = JSON.parse(event.data); } catch { /* a bare ping */ }
    if (message.kind === 'displaced') live.wait = 30000;    // a page opened later took the place of this one
    else if (message.kind !== 'ping' && document.dispatchEvent(new CustomEvent('live', { detail: message, cancelable: true }))) soon();
  }, source);
  on('error', () => {
    disconnect(); live.stale = true; main.setAttribute('data-live-off', ''); lost(live.wait > 1000);
    // Where no stream can be had, the page asks as often as it tries to open one.
    live.timer = setTimeout(() => { catchUp(); connect(); }, live.wait * (0.75 + Math.random() / 2));
    live.wait = Math.min(live.wait * 2, 60000);
  }, source);
}
on('visibilitychange', () => {
  clearTimeout(live.sleep);
  if (document.hidden) live.sleep = setTimeout(() => { live.stale = true; disconnect(); }, 300000);
  else if (!live.source) { live.wait = 1000; connect(); }
});

// ---- Forms: drafts, guard, one submission, files, counters ----
const draftKey = form => `draft.${root.dataset.user ?? ''}.${form.dataset.draft}`;
const draftFields = form => [...form.elements].filter(el => el.name && el.matches('textarea, input:not([type=hidden],[type=password],[type=file],[type=submit],[type=button],[type=checkbox],[type=radio])') && !el.hasAttribute('data-no-draft'));
const keepDraft = debounce(form => {
  const texts = Object.fromEntries(draftFields(form).filter(touched).map(el => [el.name, el.value]));
  store.set(draftKey(form), Object.keys(texts).length ? JSON.stringify({ at: Date.now(), texts }) : null);
}, 400);
function restoreDraft(form) {
  let draft = null;
  try { draft = JSON.parse(store.get(draftKey(form))); } catch { /* not ours */ }
  if (!draft) return;
  let used = 0;
  for (const el of draftFields(form)) if (draft.texts[el.name] !== undefined && !touched(el) && el.value !== draft.texts[el.name]) { el.value = draft.texts[el.name]; used += 1; }
  const note = $('[data-draft-note]', form);
  if (note && used) { note.hidden = false; const time = $('time', note); if (time) time.textContent = new Date(draft.at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' }); }
}
function dropDraft(form) { store.set(draftKey(form), null); for (const el of draftFields(form)) { el.value = el.defaultValue; el.dispatchEvent(new Event('input', { bubbles: true })); } const note = $('[data-draft-note]', form); if (note) note.hidden = true; }
const size = bytes => { const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']; let i = 0, n = bytes; while (n >= 1000 && i < 3) { n /= 1000; i += 1; } return new Intl.NumberFormat(locale, { style: 'unit', unit: units[i], unitDisplay: i ? 'short' : 'long', maximumFractionDigits: n < 10 && i ? 1 : 0 }).format(n); };
function listFiles(input) {
  let list = $(`[data-files-of="${CSS.escape(input.id)}"]`);
  if (!list) { list = make('ul', 'files'); list.dataset.filesOf = idOf(input, 'file'); list.setAttribute('role', 'status'); (input.closest('.drop') ?? input).after(list); }
  let bad = '', max = Number(input.dataset.maxBytes) || Infinity;
  list.replaceChildren(...[...input.files].map(file => {
    const item = make('li');
    item.append(make('bdi', '', file.name), make('span', 'muted num', size(file.size)));
    if (file.size > max) item.append(make('span', 'end is-bad strong', bad = fill(input.dataset.tooLarge ?? '> {max}', { max: size(max), name: file.name })));
    return item;
  }));
  list.hidden = !input.files.length;
  input.setCustomValidity(bad); input.ariaInvalid = bad ? 'true' : null;
}
function counter(field) {
  const out = make('span', 'hint num count-left');
  idOf(out, 'count');
  (field.closest('.affix') ?? field).after(out);
  field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') ?? ''} ${out.id}`.trim());
  const near = debounce(() => { if (field.maxLength - field.value.length <= 20) say(out.textContent); }, 800);
  const show = () => {
    const left = field.maxLength - field.value.length;
    out.textContent = fill(field.dataset.count || '{n} / {max}', { n: figures.format(field.value.length), max: figures.format(field.maxLength), left: figures.format(left) });
    out.classList.toggle('is-near', left <= 20);
  };
  on('input', () => { show(); near(); }, field);
  show();
}
function suggest(field) {
  const into = $(field.dataset.suggestInto);
  let running = null;
  into?.setAttribute('aria-live', 'polite');
  if (into) on('input', debounce(async () => {
    running?.abort();
    const q = field.value.trim();
    if (q.length < (Number(field.dataset.suggestMin) || 4)) { into.replaceChildren(); return; }
    running = new AbortController();
    try {
      const post = field.dataset.suggestMethod === 'post', to = field.dataset.suggest, form = new URLSearchParams($$('input[type=hidden]', field.form ?? body).map(el => [el.name, el.value]));
      form.set('q', q.slice(0, 2000));
      const answer = await ask(post ? to : `${to}${to.includes('?') ? '&' : '?'}fragment=1&q=${encodeURIComponent(q.slice(0, 300))}`, 'suggest', { signal: running.signal, ...(post && { method: 'POST', body: form }) });
      into.replaceChildren(...[...parse(await answer.text()).body.childNodes].map(node => document.adoptNode(node)));
    } catch (error) { if (!isOld(error)) into.replaceChildren(); }
  }, 250), field);
}
on('input', ({ target }) => { const form = target.form; if (form?.matches('[data-draft]')) keepDraft(form); });
on('accepted', ({ target }) => dropDraft(target));
on('renewed', ({ target }) => enhance(target));
on('change', ({ target }) => {
  if (target.matches('input[type=file]')) listFiles(target);
  if (target.matches('input[data-select-all]')) { for (const el of $$('input[data-select]', target.closest('table, form, [data-rows]') ?? document)) el.checked = target.checked; countChosen(); }
  if (target.matches('input[data-select]')) { lastBox = target; countChosen(); }
  if (target.matches('[data-keys-toggle]')) store.set('keys', target.checked ? null : 'off');
});
let leaving = false;
on('submit', event => {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog') return;
  if (form.matches('[action="/sign-out"]') && store.get('outbox') && !confirm(store.get('outbox'))) return event.preventDefault();
  if (form.dataset.busy) return event.preventDefault();
  leaving = true; setTimeout(() => { leaving = false; }, 3000);
  if (form.method !== 'post' || form.hasAttribute('data-repeat')) return;
  const button = event.submitter;
  form.dataset.busy = '1'; button?.setAttribute('aria-busy', 'true');
  setTimeout(() => { delete form.dataset.busy; button?.removeAttribute('aria-busy'); }, 10000);   // a download leaves the page standing
});
on('pageshow', () => { leaving = false; for (const form of $$('form[data-busy]')) { delete form.dataset.busy; $$('[aria-busy]', form).forEach(el => el.removeAttribute('aria-busy')); } quietCount(); }, window);
on('beforeunload', event => { if (!leaving && $$('form[data-guard]').some(form => [...form.elements].some(el => el.name && el.type !== 'hidden' && el.matches('input, textarea, select') && (el.type === 'file' ? el.files.length : touched(el))))) event.preventDefault(); }, window);

// ---- Drag as an extra for boards (data-card into data-drop sets the card's select) and for .drop ----
let dragged = null;
on('dragstart', event => { dragged = event.target.closest?.('[data-card]') ?? null; dragged?.classList.add('is-moving'); if (dragged) event.dataTransfer.effectAllowed = 'move'; });
on('dragend', () => { dragged?.classList.remove('is-moving'); dragged = null; $$('.is-over').forEach(el => el.classList.remove('is-over')); });
const moveTo = column => dragged && column && $$('form[data-move] select option', dragged).find(o => o.value === column.dataset.drop && !o.disabled);
on('dragover', event => {
  const column = event.target.closest?.('[data-drop]'), zone = event.target.closest?.('.drop');
  $$('.is-over').forEach(el => el.classList.toggle('is-over', el === column || el === zone));
  if (moveTo(column) || (!dragged && zone)) { event.preventDefault(); (column ?? zone).classList.add('is-over'); }
});
on('drop', event => {
  const column = event.target.closest?.('[data-drop]'), zone = event.target.closest?.('.drop'), option = moveTo(column);
  if (option) { event.preventDefault(); option.selected = true; option.closest('form').requestSubmit(); }
  else if (zone && event.dataTransfer.files.length) { event.preventDefault(); const input = $('input[type=file]', zone); if (input) { input.files = event.dataTransfer.files; input.dispatchEvent(new Event('change', { bubbles: true })); } }
});

// ---- Clocks and theme ----
function tick() {
  for (const el of $$('time[data-countdown]')) {
    const [d = 'd', h = 'h', m = 'min'] = (el.dataset.units ?? '').split(' '), ms = Date.parse(el.dataset.countdown) - Date.now() - skew;
    if (Number.isNaN(ms)) continue;
    const late = ms < 0, all = late ? Math.floor(-ms / 60000) : Math.ceil(ms / 60000), days = Math.floor(all / 1440), hours = Math.floor(all / 60) % 24, minutes = all % 60;
    const t = days ? `${figures.format(days)} ${d} ${figures.format(hours)} ${h}` : hours ? `${figures.format(hours)} ${h} ${two.format(minutes)}` : `${figures.format(minutes)} ${m}`;
    const text = fill(late ? el.dataset.late ?? '−{t}' : el.dataset.left ?? '{t}', { t });
    if (el.textContent !== text) el.textContent = text;
    const mood = late ? 'bad' : all <= Number(el.dataset.soon ?? 0) ? 'warn' : null, box = el.closest('.state, .badge');
    for (const place of mood ? [box, el.closest('.clock')] : []) if (place && !place.classList.contains('is-' + mood)) { place.classList.remove('is-good', 'is-accent', 'is-warn', 'is-bad'); place.classList.add('is-' + mood); }
    const shape = mood && $('.s use', box ?? el.closest('.left') ?? el);
    if (shape && !shape.href.baseVal.endsWith('#s-' + mood)) shape.setAttribute('href', shape.href.baseVal.replace(/#.*/, '#s-' + mood));
  }
}
function theme(choice) {
  if (choice === 'light' || choice === 'dark') root.dataset.theme = choice; else delete root.dataset.theme;
  const dark = getComputedStyle(root).colorScheme === 'dark' || (!root.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
  for (const el of $$('[data-theme-toggle]')) el.setAttribute('aria-pressed', String(dark));
  for (const el of $$('[data-theme-set]')) el.setAttribute('aria-pressed', String(el.dataset.themeSet === (choice ?? 'auto')));
  return dark;
}
function setTheme(choice) {
  store.set('theme', choice === 'auto' ? null : choice); theme(choice);
  document.cookie = `theme=${choice}; Path=/; Max-Age=${choice === 'auto' ? 0 : 31536000}; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
}
on('storage', event => { if (event.key === 'mandate.theme') theme(event.newValue ?? 'auto'); }, window);

// ---- Clicks and keys, delegated ----
on('click', event => {
  const { target } = event, at = selector => target.closest?.(selector), plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  for (const box of $$('details.menu-box[open]')) if (!box.contains(target)) box.open = false;
  const leaf = at('a[data-turn]');
  if (leaf && plain) { event.preventDefault(); return void (leaf.closest('.asked') ? closeWorking() : turn(leaf.href)); }
  const why = at('a.why[href]');
  if (why && plain) { event.preventDefault(); return void openWorking(why); }
  if (event.shiftKey && target.matches?.('input[data-select]') && lastBox) { range(target); quietCount(); }
  const close = at('[data-close]');
  if (close) {
    if (close.closest('#working')) { event.preventDefault(); return closeWorking(); }
    const dialog = close.closest('dialog');
    if (dialog) { event.preventDefault(); return dialog.close(); }
  }
  const opener = at('[data-dialog]'), dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal && plain) { event.preventDefault(); dialog.showModal(); return; }
  if (at('[data-dismiss]')) { const box = at('.flash, .toast, .notice'), main = $('main'); box?.remove(); if (main) { main.tabIndex = -1; main.focus({ preventScroll: true }); } return; }
  if (at('[data-reload]')) { event.preventDefault(); leaving = true; location.reload(); return; }
  if (at('[data-print]')) return window.print();
  if (at('[data-draft-drop]')) return dropDraft(at('form'));
  if (at('[data-theme-toggle]')) return setTheme(theme(store.get('theme') ?? root.dataset.theme ?? 'auto') ? 'light' : 'dark');
  if (at('[data-theme-set]')) return setTheme(at('[data-theme-set]').dataset.themeSet);
  const copy = at('[data-copy]');
  if (copy && plain) { event.preventDefault(); navigator.clipboard?.writeText(new URL(copy.dataset.copy || copy.href || location.href, location.href).href).then(() => say(copy.dataset.copied)).catch(() => {}); }
});
let going = 0;
on('keydown', event => {
  const { key } = event, active = document.activeElement, row = active?.closest?.('[data-row]');
  if (event.isComposing || event.defaultPrevented) return;
  if (key === 'Escape') {
    const box = $('details.menu-box[open]');
    if (box) { box.open = false; $('summary', box).focus(); } else if ($('#working') && !$('dialog[open]')) closeWorking();
    return;
  }
  if (key === ' ' && active?.matches('a.why[role=button]')) { event.preventDefault(); active.click(); return; }
  const box = $('[data-ask]');
  if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === 'k' && box) { event.preventDefault(); box.focus(); box.select(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || store.get('keys') === 'off' || $('dialog[open]')) return;
  const cell = active?.matches?.('a[data-turn]') ? active.closest('td') : null;
  if (cell && key === '=') { event.preventDefault(); return active.click(); }
  if (cell && key.startsWith('Arrow') && stepCell(cell, key)) return event.preventDefault();
  if (key === '=' && (!typing(active) || /^(decimal|numeric)$/.test(active.inputMode))) { const why = whyNear(active); if (why) { event.preventDefault(); why.click(); } return; }
  if (typing(active)) return;
  if (going > Date.now()) {
    going = 0;
    const to = $(`[data-go="${CSS.escape(key)}"]`);
    if (to) { event.preventDefault(); return to.click(); }
  }
  if (key === '/' && box) { event.preventDefault(); box.focus(); box.select(); }
  else if (key === '?' && $('dialog#keys')) { event.preventDefault(); $('dialog#keys').showModal(); }
  else if (key === 'g') going = Date.now() + 1500;
  else if (key === 'j' || (key === 'ArrowDown' && row)) { if (stepRow(1)) event.preventDefault(); }
  else if (key === 'k' || (key === 'ArrowUp' && row)) { if (stepRow(-1)) event.preventDefault(); }
  else if (key === 'Enter' && row && active === row) rowLink(row)?.click();
  else if (key === 'x' || key === 'X') {
    const pick = $('input[data-select]', row ?? $('[data-row].is-at') ?? make('i'));
    if (!pick) return;
    pick.checked = key === 'X' || !pick.checked;
    if (key === 'X') range(pick);
    lastBox = pick; countChosen();
  }
});

// Modules that only some pages need; with the version of this one, so that they fit together.
const ours = name => import(new URL(name + new URL(import.meta.url).search, import.meta.url));
const noMap = el => { const canvas = $('.map-canvas', el); if (canvas) { canvas.classList.add('is-failed'); canvas.dataset.failed = JSON.parse(el.dataset.words).failed; } };

// What needs preparing, in the page and in each part that arrives later.
function enhance(part) {
  const all = selector => [...(part.matches?.(selector) ? [part] : []), ...$$(selector, part)];
  for (const el of all('a.why[href]')) { el.setAttribute('role', 'button'); if (!el.hasAttribute('aria-expanded')) el.setAttribute('aria-expanded', 'false'); }
  all('input[data-ask]').forEach(searchBox);
  all('input[data-picker]').forEach(picker);
  all('[maxlength][data-count]').forEach(counter);
  all('[data-suggest]').forEach(suggest);
  all('[data-keys-toggle]').forEach(el => { el.checked = store.get('keys') !== 'off'; });
  all('form[data-draft]').forEach(restoreDraft);
  for (const el of all('[data-map]')) if (!el.closest('[data-room]')) ours('map.js').then(({ open }) => open(el)).catch(error => { console.debug(error); noMap(el); });
  for (const el of all('[data-room]')) ours('room.js').then(({ enter }) => enter(el)).catch(error => { console.debug(error); $$('[data-map]', el).forEach(noMap); });
  for (const el of all('[data-sheet]')) ours('sheet.js').then(({ edit }) => edit(el)).catch(error => console.debug(error));
  if (all('[data-drawing], [data-squares]').length) ours('chart.js').then(({ enter }) => enter(part)).catch(error => console.debug(error));
  for (const el of all('[data-card]')) if ($('form[data-move]', el)) el.draggable = true;
}
root.classList.add('js');
body.append(voice);
for (const region of $$('[data-region]')) live.kept.set(region.dataset.region, serverText(region));
for (const key of (body.dataset.sent ?? '').split(' ').filter(Boolean)) store.set(`draft.${root.dataset.user ?? ''}.${key}`, null);
for (const key of store.keys()) if (key.startsWith('draft.')) { let age = Infinity; try { age = Date.now() - JSON.parse(store.get(key)).at; } catch { /* not ours */ } if ('signedOut' in body.dataset || !(age < 2592000000)) store.set(key, null); }
enhance(document);
theme(store.get('theme') ?? root.dataset.theme ?? 'auto');
tick();
setInterval(tick, 30000);
countChosen(false);
for (const el of $$('.thread')) el.scrollTop = el.scrollHeight;   // what was said last is what one came for
connect();
$('.summary[tabindex]')?.focus();

// ---- form[data-outbox]: what is sent waits on the device while there is no link. Nothing of it outlasts signing out ----
if ('signedOut' in body.dataset) {
  store.set('outbox', null);
  globalThis.indexedDB?.deleteDatabase('mandate-outbox');
  globalThis.caches?.keys().then(names => names.filter(name => name.startsWith('mandate/')).forEach(name => caches.delete(name)));
  navigator.serviceWorker?.getRegistrations().then(all => all.forEach(one => one.unregister()));
}
if ($('form[data-outbox]') && navigator.serviceWorker && globalThis.indexedDB) ours('outbox.js').catch(error => console.debug(error));
