// Maps: what View.map puts into a page comes alive here. Leaflet moves the map, two canvases draw it: the base map below, what is shown on it above.
// Asked for by mandate.js when a page has [data-map]; work screens (room.js) draw on the atlas of theirs.
const search = new URL(import.meta.url).search, load = name => import(new URL(name + search, import.meta.url));
const [{ BaseMap, SIDE, across, down }, { grid, distance }] = await Promise.all([load('basemap.js'), load('geodesy.js'), load('vendor/leaflet.js')]);
const L = globalThis.L, root = document.documentElement;
const $ = (selector, from = document) => from.querySelector(selector), $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const fill = (text, values) => (text || '').replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
const locale = (root.lang || 'en') + (root.dataset.numbers ? '-u-nu-' + root.dataset.numbers : '');
const number = (value, most = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: most }).format(value);
const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
const atlases = new WeakMap();

/** Latitude and longitude to five decimals, a metre or so, as the server reads them. */
export const decimal = ({ lat, lng }) => `${lat.toFixed(5)}, ${(((lng + 180) % 360 + 360) % 360 - 180).toFixed(5)}`;

/** A map in the page. `layers` are drawn in order: functions of a canvas context and the view. */
export class Atlas {
  constructor(frame) {
    this.frame = frame; this.layers = []; this.measured = null;
    this.words = JSON.parse(frame.dataset.words);
    this.canvas = $('.map-canvas', frame);
    this.below = this.canvas.appendChild(document.createElement('canvas'));
    this.above = this.canvas.appendChild(document.createElement('canvas'));
    this.inks = new Map();
    this.probe = this.canvas.appendChild(document.createElement('i'));
    this.map = L.map(this.canvas, {
      attributionControl: false, zoomControl: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: !isStill,
      zoomSnap: 0.25, wheelPxPerZoomLevel: 120, minZoom: 1, maxZoom: 16, worldCopyJump: true, doubleClickZoom: true,
    });
    this.base = new BaseMap(root.lang || 'en', () => this.draw());
    this.start();
  }

  start() {
    const { map, frame } = this;
    this.home();
    map.on('move zoom resize viewreset', () => this.draw());
    map.on('moveend', () => this.place());
    map.on('mousemove', event => this.say(event.latlng));
    map.on('mouseout', () => this.say(map.getCenter()));
    map.on('click', event => { if (this.measured) this.measure(event.latlng); });
    this.canvas.addEventListener('keydown', event => this.key(event));
    frame.addEventListener('click', event => { const tool = event.target.closest('[data-map-tool]'); if (tool) this.tool(tool.dataset.mapTool); });
    new ResizeObserver(() => { map.invalidateSize({ pan: false }); this.draw(); }).observe(this.canvas);
    const repaint = () => { this.inks.clear(); this.draw(); };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
    new MutationObserver(repaint).observe(root, { attributes: true, attributeFilter: ['data-theme'] });
    this.base.start().then(() => { const credit = $('[data-map-credit]', frame); if (credit) credit.textContent = this.base.credit; }).catch(() => this.fail());
    this.place();
  }

  fail() { this.canvas.classList.add('is-failed'); this.canvas.dataset.failed = this.words.failed; }

  /** A colour of the page's theme by its name. */
  ink = name => {
    if (!this.inks.has(name)) { this.probe.style.color = `var(--map-${name}, var(--${name}))`; this.inks.set(name, getComputedStyle(this.probe).color); }
    return this.inks.get(name);
  };

  /** What is in view: its size, the pixels of a unit of the map, the box in the map's units, and where a position lies. */
  get view() {
    const { map } = this, { min } = map.getPixelBounds(), zoom = map.getZoom(), size = 2 ** zoom, { x: width, y: height } = map.getSize();
    const box = { left: min.x / size, top: min.y / size, right: (min.x + width) / size, bottom: (min.y + height) / size };
    const middle = (box.left + box.right) / 2;
    return {
      width, height, zoom, size, box, pixels: this.pixels ?? Math.min(2, devicePixelRatio || 1), font: this.font ??= getComputedStyle(this.canvas).fontFamily, ink: this.ink,
      // 1 at a desk; more where the page is set larger, as on a wall.
      unit: this.unit ??= parseFloat(getComputedStyle(this.canvas).fontSize) / 13,
      // Of the copies of the world, the one nearest to the middle of the view.
      at: (latitude, longitude) => { let x = across(longitude); x += Math.round((middle - x) / SIDE) * SIDE; return [(x - box.left) * size, (down(latitude) - box.top) * size]; },
    };
  }

  draw() { this.waiting ??= requestAnimationFrame(() => { this.waiting = null; this.paint(); }); }

  paint() {
    const { view } = this;
    if (!view.width || !view.height) return;
    for (const canvas of [this.below, this.above]) {
      const [width, height] = [Math.round(view.width * view.pixels), Math.round(view.height * view.pixels)];
      if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    }
    this.base.draw(this.below.getContext('2d'), view, this.ink);
    this.paintAbove(view);
  }

  /** Only what lies on the base map: when a selection or a figure changed and the map did not move. */
  paintAbove(view = this.view) {
    const context = this.above.getContext('2d');
    context.setTransform(view.pixels, 0, 0, view.pixels, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    for (const layer of this.layers) { context.save(); layer(context, view); context.restore(); }
    if (this.measured) this.drawMeasured(context, view);
    if (this.canvas.matches(':focus-visible')) this.drawCross(context, view);
  }

  // MARK: Position and scale

  place() {
    this.say(this.map.getCenter());
    const { lat } = this.map.getCenter(), metres = 156543.034 * Math.cos(lat * Math.PI / 180) / 2 ** this.map.getZoom(), most = 110 * metres;
    const power = 10 ** Math.floor(Math.log10(most)), round = [5, 2, 1].find(times => times * power <= most) * power, scale = $('[data-map-scale]', this.frame);
    scale.textContent = this.length(round); scale.style.inlineSize = `${Math.round(round / metres)}px`;
    const bounds = this.map.getBounds();
    for (const note of $$('[data-map-note]', this.frame)) {
      const [west, south, east, north] = note.dataset.mapNote.split(',').map(Number);
      note.hidden = !bounds.intersects([[south, west], [north, east]]);
    }
  }

  length(metres) { return metres < 1000 ? fill(this.words.m, { n: number(metres) }) : fill(this.words.km, { n: number(metres / 1000, metres < 100000 ? 2 : 0) }); }

  say(at) {
    const where = L.latLng(at).wrap(), text = [decimal(where), grid(where.lat, where.lng)].filter(Boolean).join('   '), out = $('[data-map-at]', this.frame);
    const bdi = out.firstElementChild ?? out.appendChild(Object.assign(document.createElement('bdi'), { dir: 'ltr' }));
    bdi.textContent = text;
  }

  // MARK: Tools and keys

  tool(name) {
    if (name === 'in') this.map.zoomIn(); else if (name === 'out') this.map.zoomOut(); else if (name === 'home') this.home();
    else if (name === 'measure') this.toggleMeasure(); else if (name === 'save') this.save();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') { event.preventDefault(); const at = this.map.getCenter(); if (this.measured) this.measure(at); else this.onEnter?.(at); }
    else if (event.key === 'Escape' && this.measured) { event.preventDefault(); this.toggleMeasure(); }
    else if (event.key === '0') this.home();
    else if (event.key === 'd' || event.key === 'D') this.toggleMeasure();
  }

  home() {
    const { at, box } = this.frame.dataset, [west, south, east, north] = (box ?? '').split(',').map(Number);
    if (at) this.map.setView(at.split(',').map(Number), 8, { animate: false });
    else if (box) this.map.fitBounds([[south, west], [north, east < west ? east + 360 : east]], { animate: false, maxZoom: 10, padding: [48, 56] });
    else this.map.setView([10, 20], 2, { animate: false });
  }

  toggleMeasure() {
    this.measured = this.measured ? null : [];
    $('[data-map-tool=measure]', this.frame).setAttribute('aria-pressed', String(Boolean(this.measured)));
    $('[data-map-measured]', this.frame).textContent = this.measured ? this.words['measure.hint'] : '';
    this.paintAbove();
  }

  measure(at) {
    const where = L.latLng(at).wrap();
    this.measured.push([where.lat, where.lng]);
    const whole = this.measured.slice(1).reduce((sum, point, i) => sum + distance(this.measured[i], point), 0);
    $('[data-map-measured]', this.frame).textContent = this.measured.length > 1 && whole >= 0 ? fill(this.words.measured, { d: this.length(whole) }) : this.words['measure.hint'];
    this.paintAbove();
  }

  drawMeasured(context, view) {
    context.strokeStyle = context.fillStyle = this.ink('accent'); context.lineWidth = 2; context.setLineDash([5, 3]); context.beginPath();
    const points = this.measured.map(([latitude, longitude]) => view.at(latitude, longitude));
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke(); context.setLineDash([]);
    for (const [x, y] of points) { context.beginPath(); context.arc(x, y, 4, 0, 7); context.fill(); }
  }

  // With the keyboard the centre of the map is the pointer.
  drawCross(context, { width, height }) {
    const [x, y] = [width / 2, height / 2];
    context.strokeStyle = this.ink('accent'); context.lineWidth = 2; context.setLineDash([]); context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) { context.moveTo(x + 5 * dx, y + 5 * dy); context.lineTo(x + 14 * dx, y + 14 * dy); }
    context.stroke();
  }

  // MARK: A picture to keep

  /** Saves what is seen, with title, banner, scale and disclaimer; never without them. */
  async save() {
    const { view } = this, out = document.createElement('canvas'), context = out.getContext('2d'), { pixels, width, height } = view;
    const title = $('h1')?.textContent.trim() ?? document.title, banner = $('.classification')?.textContent.trim() ?? '';
    const when = new Date().toLocaleString(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'long', timeStyle: 'short' }), foot = [$('[data-map-scale]', this.frame).textContent, $('.disclaimer', this.frame).innerText];
    out.width = width * pixels; out.height = (height + 150) * pixels;
    context.scale(pixels, pixels);
    context.fillStyle = this.ink('paper'); context.fillRect(0, 0, width, height + 150);
    context.drawImage(this.below, 0, 56, width, height); context.drawImage(this.above, 0, 56, width, height);
    const isRight = root.dir === 'rtl', edge = isRight ? width - 12 : 12, metres = parseFloat($('[data-map-scale]', this.frame).style.inlineSize);
    context.textAlign = isRight ? 'right' : 'left'; context.direction = root.dir || 'ltr'; context.fillStyle = this.ink('ink');
    context.font = `600 18px ${view.font}`; context.fillText(title, edge, 24);
    context.font = `400 13px ${view.font}`; context.fillText([banner, when].filter(Boolean).join(' · '), edge, 45);
    context.fillRect(isRight ? edge - metres : edge, height + 72, metres, 2);
    context.fillText(foot[0], edge, height + 68);
    let line = '', y = height + 92;
    for (const word of foot[1].split(root.lang === 'zh' ? '' : ' ')) {
      const longer = line + (line && root.lang !== 'zh' ? ' ' : '') + word;
      if (context.measureText(longer).width > width - 24) { context.fillText(line, edge, y); y += 17; line = word; } else line = longer;
    }
    context.fillText(line, edge, y);
    const blob = await new Promise(done => out.toBlob(done, 'image/png'));
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: `map-${new Date().toISOString().slice(0, 10)}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
}

/** A pin at a position, for maps of one place. */
function pin(context, view, [latitude, longitude], within) {
  const [x, y] = view.at(latitude, longitude), radius = within ? within / (156543.034 * Math.cos(latitude * Math.PI / 180) / view.size) : 0;
  context.strokeStyle = view.ink('accent'); context.fillStyle = view.ink('accent'); context.lineWidth = 2;
  if (radius > 8) { context.globalAlpha = 0.15; context.beginPath(); context.arc(x, y, radius, 0, 7); context.fill(); context.globalAlpha = 1; context.stroke(); }
  context.beginPath(); context.arc(x, y, 7, 0, 7); context.fill();
  context.lineWidth = 2; context.strokeStyle = view.ink('paper'); context.stroke();
}

function show(atlas) {
  const at = atlas.frame.dataset.at.split(',').map(Number), within = Number(atlas.frame.dataset.within) || 0;
  atlas.layers.push((context, view) => pin(context, view, at, within));
}

function choose(atlas) {
  const field = document.getElementById(atlas.frame.dataset.into);
  let at = null;
  const read = () => { const [, latitude, longitude] = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(field.value) ?? []; at = latitude === undefined ? null : [Number(latitude), Number(longitude)]; atlas.paintAbove(); };
  const take = where => { if (!field || atlas.measured) return; field.value = decimal(where); field.dispatchEvent(new Event('input', { bubbles: true })); read(); };
  atlas.layers.push((context, view) => { if (at) pin(context, view, at, 0); });
  atlas.map.on('click', event => take(event.latlng));
  atlas.onEnter = take;
  field?.addEventListener('input', read);
  if (field) read();
}

/** Lines and points of a GeoJSON document: what is planned is dashed, where a line ends there is a dot. */
async function lines(atlas) {
  const { features } = await (await fetch(atlas.frame.dataset.from, { headers: { Accept: 'application/json' } })).json();
  const shapes = features.map(({ id, geometry: { type, coordinates } }) => ({ isPlanned: id === 'planned', points: type === 'Point' ? [coordinates] : coordinates }));
  atlas.layers.push((context, view) => {
    for (const { isPlanned, points } of shapes) {
      context.strokeStyle = context.fillStyle = view.ink(isPlanned ? 'ink' : 'accent'); context.lineWidth = isPlanned ? 2 : 3; context.setLineDash(isPlanned ? [6, 4] : []);
      const at = points.map(([longitude, latitude]) => view.at(latitude, longitude));
      context.beginPath(); at.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y))); context.stroke();
      const [x, y] = at.at(-1); context.beginPath(); context.arc(x, y, 5, 0, 7); context.fill();
    }
  });
  atlas.draw();
}

/** The atlas of a frame; each frame has one. */
export function open(frame) {
  if (!atlases.has(frame)) {
    const atlas = new Atlas(frame);
    atlases.set(frame, atlas);
    atlas.canvas.addEventListener('focus', () => atlas.paintAbove());
    atlas.canvas.addEventListener('blur', () => atlas.paintAbove());
    if (frame.dataset.map === 'show') show(atlas);
    if (frame.dataset.map === 'choose') choose(atlas);
    if (frame.dataset.map === 'lines') lines(atlas).catch(() => atlas.fail());
    atlas.paint();
  }
  return atlases.get(frame);
}
