// The operations room: keeps map, stream and record at one question, which is the address. mandate.js enters it when a page has [data-room].
const search = new URL(import.meta.url).search, load = name => import(new URL(name + search, import.meta.url));
const [{ open }, { Drawing }, { Alarms }, { TimeBar }] = await Promise.all(['map.js', 'room-draw.js', 'room-alarms.js', 'room-time.js'].map(load));
const $ = (selector, from = document) => from.querySelector(selector), $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const root = document.documentElement, fill = (text, values) => (text || '').replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
const locale = (root.lang || 'en') + (root.dataset.numbers ? '-u-nu-' + root.dataset.numbers : '');
const ownWays = ['show', 'record', 'wall', 'at', 'layers', 'after'];   // of the address, what asks for no other records
const typing = el => el?.matches?.('input:not([type=checkbox],[type=radio],[type=range],[type=button]), textarea, select') ?? false;
let current = null;

class Room {
  constructor(room) {
    Object.assign(this, { room, words: JSON.parse(room.dataset.words), zone: room.dataset.zone });
    this.frame = $('[data-map]', room);
    this.drawing = new Drawing();
    this.drawing.words = this.words;
    this.drawing.selected = this.params.get('record');
    const layers = this.params.get('layers');
    if (layers !== null) this.drawing.layers = new Set(layers.split(',').filter(Boolean));
    room.addEventListener('click', event => this.click(event), { capture: true });
    $('[data-room-form]', room)?.addEventListener('change', event => this.ask(event.currentTarget));
    $('[data-room-form]', room)?.addEventListener('submit', event => { event.preventDefault(); this.ask(event.currentTarget); $('.room-filter', room).open = false; });
    const help = $('[data-room-keys]', room), keys = $('dialog#keys > div');
    if (help && keys && !$('[data-room-keys]', keys)) { keys.append(help); help.hidden = false; } else help?.remove();
    this.alarms = new Alarms($('[data-room-alarms]', room), this.words);
    const bar = $('[data-timebar]', room);
    if (bar) this.time = new TimeBar(bar, change => { this.go({ after: null, ...change }); document.dispatchEvent(new Event('refresh')); this.load(); });
    if (this.frame) this.openMap();
    this.showLayers(); this.clock();
    this.load();
  }

  // MARK: The address

  get params() { return new URLSearchParams(location.search); }

  go(change) {
    const params = this.params;
    for (const [name, value] of Object.entries(change)) { params.delete(name); for (const one of [value].flat()) if (one !== null && one !== '') params.append(name, one); }
    const query = params.toString();
    history.replaceState(history.state, '', location.pathname + (query ? '?' + query : ''));
  }

  /** The filter of the form becomes that of the address; what is shown follows. */
  ask(form) {
    const data = new FormData(form), change = { after: null, from: null, to: null };
    for (const name of ['kind', 'state', 'severity', 'days', 'component']) { const values = data.getAll(name); change[name] = values.join() === form.dataset[`usual${name}`] ? null : values; }
    this.go(change);
    document.dispatchEvent(new Event('refresh'));
    this.load();
  }

  // MARK: The picture

  openMap() {
    const atlas = this.atlas = open(this.frame), at = this.params.get('at')?.split(',').map(Number);
    atlas.layers.push((context, view) => this.drawing.draw(context, view));
    if (at?.length === 3 && at.every(Number.isFinite)) atlas.map.setView([at[0], at[1]], at[2], { animate: false });
    let timer;
    atlas.map.on('moveend', () => {
      const { lat, lng } = atlas.map.getCenter().wrap();
      this.go({ at: `${lat.toFixed(4)},${lng.toFixed(4)},${Number(atlas.map.getZoom().toFixed(2))}` });
      clearTimeout(timer); timer = setTimeout(() => this.load(), 120);
    });
    atlas.map.on('click', event => { if (!atlas.measured) this.hit(event.containerPoint); });
    atlas.map.on('mousemove', ({ containerPoint: { x, y } }) => {
      const found = this.drawing.hit(x, y);
      atlas.canvas.classList.toggle('is-over', Boolean(found));
      atlas.canvas.title = found?.incident?.summary ?? found?.track?.callsign ?? (found?.cell ? fill(this.words.several, { n: new Intl.NumberFormat(locale).format(found.cell.count) }) : '');
    });
    atlas.onEnter = () => { const { x, y } = atlas.map.getSize(); this.hit({ x: x / 2, y: y / 2 }, 60); };
  }

  get query() {
    const params = this.params, layers = this.drawing.layers;
    for (const name of ownWays) params.delete(name);
    if (this.atlas) {
      const bounds = this.atlas.map.getBounds().pad(0.1), isWhole = bounds.getEast() - bounds.getWest() >= 360, turn = degrees => ((degrees + 180) % 360 + 360) % 360 - 180;
      const [west, east] = isWhole ? [-180, 180] : [turn(bounds.getWest()), turn(bounds.getEast())];
      params.set('box', [west, Math.max(-90, bounds.getSouth()), east, Math.min(90, bounds.getNorth())].map(edge => edge.toFixed(4)).join(','));
      params.set('zoom', String(this.atlas.map.getZoom() + (layers.has('heat') ? 1 : 0)));
      params.set('bars', '1');
      if (layers.has('heat')) params.set('cells', '1');
    }
    if (layers.has('exercise')) params.set('exercise', 'on');
    return params;
  }

  /** Asks for the picture, or for what moves on it: one request at a time, and once more when something changed meanwhile. */
  async load(part = 'all') {
    if (this.loading) { this.again = this.again === 'all' ? 'all' : part; return; }
    this.loading = true;
    const begun = performance.now(), query = this.query;
    if (part === 'moving') { query.set('part', part); query.delete('bars'); query.delete('cells'); }
    try {
      const answer = await fetch(`${this.room.dataset.picture}?${query}`, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
      if (answer.redirected || answer.status === 401) return location.reload();
      if (answer.ok && this.room.isConnected) this.take(await answer.json());
      else if (!answer.ok) this.retry();
    } catch (error) { console.debug(error); this.retry(); } finally {
      this.loading = false; this.took = performance.now() - begun;
      if (this.again) { const again = this.again; this.again = null; setTimeout(() => this.load(again), 300); }
    }
  }

  /** What was not answered is asked for once more: the event that it was asked for does not come again. */
  retry() {
    clearTimeout(this.later);
    this.later = setTimeout(() => { if (this.room.isConnected) this.load(); }, 3000);
  }

  take(picture) {
    if (!picture.incidents) { this.drawing.tracks = picture.tracks ?? []; this.atlas?.paintAbove(); return; }
    Object.assign(this.drawing, { incidents: picture.incidents, cells: picture.cells ?? [], tracks: picture.tracks ?? [] });
    this.room.dataset.total = picture.total; this.room.dataset.at = picture.at;
    this.alarms.take(picture.alerts ?? []);
    if (picture.bars) this.time?.show(picture.bars, this.params);
    this.atlas?.paintAbove();
  }

  // MARK: Choosing

  hit({ x, y }, reach = 0) {
    const found = this.drawing.hit(x, y) ?? (reach ? this.drawing.hits.map(target => ({ ...target, away: Math.hypot(target.x - x, target.y - y) })).filter(({ away }) => away <= reach).sort((a, b) => a.away - b.away)[0] : null);
    if (!found) return;
    if (found.incident) this.show(found.incident.reference);
    else if (found.cell?.first && this.atlas.map.getZoom() >= 15.5) this.show(found.cell.first.reference);
    else if (found.cell) { const [west, south, east, north] = found.cell.box; this.atlas.map.fitBounds([[south, west], [north, east]], { maxZoom: this.atlas.map.getZoom() + 3 }); }
    else if (found.track?.href) location.assign(found.track.href);
  }

  async show(reference) {
    const aside = $('.record', this.room);
    if (this.opening === reference) return;
    this.opening = reference; setTimeout(() => { this.opening = null; }, 300);
    this.back = document.activeElement?.dataset?.record ?? this.back;
    const answer = await fetch(`/situation/room/record/${encodeURIComponent(reference)}?${this.params}`, { credentials: 'same-origin', headers: { 'X-Fragment': 'record' } });
    if (!answer.ok || answer.redirected) return location.assign(`/situation/incidents/${encodeURIComponent(reference)}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    aside.replaceChildren(...page.body.childNodes);
    aside.hidden = false;
    this.room.classList.add('has-record');
    this.mark(reference);
    for (const why of $$('a.why', aside)) { why.setAttribute('role', 'button'); why.setAttribute('aria-expanded', 'false'); }
    const title = $('h2', aside);
    if (title) { title.tabIndex = -1; title.focus({ preventScroll: true }); }
  }

  close() {
    const aside = $('.record', this.room);
    aside.hidden = true; aside.replaceChildren();
    this.room.classList.remove('has-record');
    this.mark(null);
    ($(`[data-record="${CSS.escape(this.back ?? '')}"]`, this.room) ?? this.atlas?.canvas)?.focus({ preventScroll: true });
  }

  mark(reference) {
    this.drawing.selected = reference;
    this.go({ record: reference });
    for (const el of $$('.item', this.room)) if (el.dataset.record === reference) el.setAttribute('aria-current', 'true'); else el.removeAttribute('aria-current');
    this.atlas?.paintAbove();
  }

  click(event) {
    const at = selector => event.target.closest?.(selector);
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const turn = at('[data-room-turn]'), record = at('a[data-record]'), layer = at('[data-layer]');
    if (turn) { const params = this.params, to = turn.dataset.roomTurn; if (to === 'map') params.delete('show'); else params.set('show', to); params.delete('after'); turn.href = `${location.pathname}?${params}`; }
    else if (at('[data-room-close]')) { event.preventDefault(); this.close(); }
    else if (record) { event.preventDefault(); event.stopPropagation(); this.show(record.dataset.record); }
    else if (layer) this.toggle(layer.dataset.layer);
    else if (at('[data-sound]')) { this.alarms.toggle(); this.showLayers(); }
  }

  toggle(name) {
    const { layers } = this.drawing;
    if (!layers.delete(name)) layers.add(name);
    const said = [...layers].sort().join(',');
    this.go({ layers: said === 'tracks' ? null : said || ',' });
    this.showLayers(); this.load();
  }

  showLayers() {
    for (const el of $$('[data-layer]', this.room)) { const isOn = this.drawing.layers.has(el.dataset.layer); el.setAttribute('aria-pressed', String(isOn)); el.classList.toggle('on', isOn); }
    for (const el of $$('[data-sound]', this.room)) { el.setAttribute('aria-pressed', String(this.alarms.isHeard)); el.classList.toggle('on', this.alarms.isHeard); }
    this.atlas?.paintAbove();
  }

  // MARK: Clock

  clock() {
    const el = $('[data-room-clock]', this.room);
    if (!el) return;
    const skew = Date.parse(root.dataset.now) - Date.now(), show = () => { el.textContent = new Date(Date.now() + skew).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: this.zone }); };
    show();
    const timer = setInterval(() => (el.isConnected ? show() : clearInterval(timer)), 1000);
  }

  // MARK: Keys

  key(event) {
    const { key } = event;
    if (key === 'Escape' && !$('#working') && this.drawing.selected) { event.preventDefault(); return this.close(); }
    if (typing(document.activeElement) || event.target.closest?.('dialog')) return;
    const actions = {
      l: () => $('.stream [data-room-turn]', this.room)?.click(), m: () => this.atlas?.canvas.focus(), h: () => this.toggle('heat'), t: () => this.toggle('tracks'), x: () => this.toggle('exercise'),
      s: () => { this.alarms.toggle(); this.showLayers(); }, w: () => { this.go({ wall: this.params.has('wall') ? null : 'on' }); location.reload(); },
      f: () => { const box = $('.room-filter', this.room); box.open = !box.open; (box.open ? $('input, select', box) : $('summary', box)).focus(); },
    };
    const action = actions[key.toLowerCase()];
    if (action) { event.preventDefault(); action(); }
  }
}

document.addEventListener('keydown', event => {
  if (!current?.room.isConnected || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem('mandate.keys') !== 'off' || event.key === 'Escape') current.key(event);
});
// However many events come, the picture is fetched twice a second at most and what moves once, and less often where answers take long, since hundreds look at
// it; the first at once. What moves changes nothing on the page beside the map.
const moving = new Set(['situation.track', 'situation.track-point', 'situation.patrol', 'situation.position']);
let last = 0, later = null;
document.addEventListener('live', event => {
  if (!current?.room.isConnected) return;
  const part = moving.has(event.detail?.schema) ? 'moving' : 'all';
  if (part === 'moving') event.preventDefault();
  const due = last + Math.max(part === 'moving' ? 1000 : 500, 4 * (current.took ?? 0));
  if (later) {
    if (part === 'all') later.part = part;
    if (due >= later.due) return;
    clearTimeout(later.timer);
  }
  const next = { part: later?.part === 'all' ? 'all' : part, due };
  next.timer = setTimeout(() => { later = null; last = Date.now(); current.load(next.part); }, Math.max(0, due - Date.now()));
  later = next;
});

/** Enters the room: of a page, or of a part that took the place of another. */
export function enter(room) { current = new Room(room); }
