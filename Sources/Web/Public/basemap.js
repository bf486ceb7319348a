// The base map: land, lakes, boundaries and names, drawn on a canvas from the files under basemap/ (docs/basemap.md). The world comes first;
// from zoom 5 on the finer tiles in view take its place when all of them are there.
const digits = new Map([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map((letter, value) => [letter, value]));
const address = name => new URL(`basemap/${name}.json${new URL(import.meta.url).search}`, import.meta.url);
const read = async name => { const answer = await fetch(address(name)); if (!answer.ok) throw new Error(`${name}: ${answer.status}`); return answer.json(); };

/** Side of the world in the units everything is kept in: Mercator's square at zoom 0. */
export const SIDE = 256;
export const across = longitude => (longitude + 180) / 360 * SIDE;
export const down = latitude => { const sine = Math.sin(Math.max(-85.06, Math.min(85.06, latitude)) * Math.PI / 180); return SIDE / 2 - SIDE / 4 / Math.PI * Math.log((1 + sine) / (1 - sine)); };

// Coded lines become one path: steps of whole numbers from the south-west, five bits a letter, the sixth says that more follows.
function path(lines, { scale, origin = [0, 0] }, isClosed) {
  const whole = new Path2D();
  for (const line of lines) {
    let x = 0, y = 0, i = 0, isFirst = true;
    const next = () => { let value = 0, shift = 0, part; do { part = digits.get(line[i++]); value |= (part & 31) << shift; shift += 5; } while (part > 31); return value & 1 ? -(value + 1) / 2 : value / 2; };
    while (i < line.length) {
      x += next(); y += next();
      const at = [across(x / scale + origin[0] - 180), down(y / scale + origin[1] - 90)];
      if (isFirst) whole.moveTo(...at); else whole.lineTo(...at);
      isFirst = false;
    }
    if (isClosed) whole.closePath();
  }
  return whole;
}
const paths = data => Object.fromEntries(['land', 'disputed', 'lakes', 'admin', 'lines', 'dashed', 'dotted'].map(name => [name, path(data[name] ?? [], data, name === 'land' || name === 'disputed' || name === 'lakes')]));

export class BaseMap {
  /** @param {string} language of the names  @param {() => void} onChange called when there is more to draw */
  constructor(language, onChange) { Object.assign(this, { language, onChange, tiles: new Map(), names: [], credit: '' }); }

  async start() {
    const names = read(`names-${this.language}`).then(found => { this.names = found; this.onChange(); }).catch(() => {});
    this.world = await read('world');
    Object.assign(this, { parts: paths(this.world), has: new Set(this.world.tiles), credit: this.world.credit?.[this.language] ?? this.world.credit?.en ?? this.world.credit ?? '' });
    this.onChange();
    await names;
  }

  // The tiles of the view, from all sides a little more; nothing when there is no need of them.
  wanted({ zoom, box }) {
    if (!this.world || zoom < 5) return [];
    const count = 2 ** this.world.tileZoom, side = SIDE / count, margin = side / 4, found = [];
    for (let x = Math.floor((box.left - margin) / side); x <= Math.floor((box.right + margin) / side); x += 1) {
      for (let y = Math.max(0, Math.floor((box.top - margin) / side)); y <= Math.min(count - 1, Math.floor((box.bottom + margin) / side)); y += 1) {
        const name = `${(x % count + count) % count}-${y}`;
        if (this.has.has(name) && !found.includes(name)) found.push(name);
      }
    }
    return found;
  }

  fetchTile(name) {
    this.tiles.set(name, null);
    read(`tile-${name}`).then(data => { this.tiles.set(name, { ...paths(data), labels: data.labels }); this.onChange(); })
      .catch(() => setTimeout(() => this.tiles.delete(name), 10000));           // asked again when it is next in view
  }

  draw(context, view, ink) {
    const { width, height, pixels, zoom, size, box } = view, wanted = this.wanted(view);
    for (const name of wanted) if (!this.tiles.has(name)) this.fetchTile(name);
    const fine = wanted.map(name => this.tiles.get(name)), parts = fine.length && fine.every(Boolean) ? fine : this.parts ? [this.parts] : [];
    context.setTransform(pixels, 0, 0, pixels, 0, 0);
    context.fillStyle = ink('sea');
    context.fillRect(0, 0, width, height);
    for (let turn = Math.floor(box.left / SIDE); turn <= Math.floor(box.right / SIDE); turn += 1) {
      context.setTransform(pixels * size, 0, 0, pixels * size, pixels * size * (turn * SIDE - box.left), -pixels * size * box.top);
      for (const part of parts) this.area(context, part, ink);
      for (const part of parts) this.lines(context, part, ink, size, zoom);
    }
    context.setTransform(pixels, 0, 0, pixels, 0, 0);
    this.label(context, view, ink, [...this.names, ...(parts[0] === this.parts ? [] : parts.flatMap(part => part.labels))]);
  }

  area(context, part, ink) {
    context.fillStyle = ink('land'); context.fill(part.land);
    context.fillStyle = ink('disputed'); context.fill(part.disputed);
    context.fillStyle = ink('sea'); context.fill(part.lakes);
  }

  lines(context, part, ink, size, zoom) {
    const draw = (lines, colour, width, dashes = []) => { context.strokeStyle = ink(colour); context.lineWidth = width / size; context.setLineDash(dashes.map(dash => dash / size)); context.stroke(lines); };
    context.lineJoin = 'round';
    if (zoom >= 5) draw(part.admin, 'admin', 0.8);
    draw(part.lines, 'border', zoom < 4 ? 0.8 : 1.4);
    draw(part.dashed, 'border', 1.4, [6, 4]);
    draw(part.dotted, 'border', 1.6, [1.5, 3.5]);
    context.setLineDash([]);
  }

  // Names, the weightier first; one that would lie on another stays away.
  label(context, view, ink, names) {
    const taken = [], { width, height, zoom } = view, isArabic = this.language === 'ar';
    context.textAlign = 'center'; context.textBaseline = 'middle'; context.lineJoin = 'round'; context.direction = isArabic ? 'rtl' : 'ltr';
    // On the small scales countries go before towns, and few towns are named.
    const isSmall = zoom < 5, weight = ([, , least, kind]) => least + (isSmall && kind !== 'country' ? 2 : 0);
    for (const [longitude, latitude, least, kind, said] of [...names].sort((a, b) => weight(a) - weight(b))) {
      if (least > zoom + (isSmall && kind !== 'country' ? -0.75 : 0.5)) continue;
      const [x, y] = view.at(latitude, longitude), isCountry = kind === 'country';
      if (x < -80 || y < -20 || x > width + 80 || y > height + 20 || (isCountry && zoom > 8)) continue;
      const name = typeof said === 'string' ? said : said[this.language] ?? said[''], text = isCountry && !isArabic ? name.toLocaleUpperCase(this.language) : name;
      context.font = `${kind === 'capital' ? 600 : 400} ${(isCountry ? 12 : 13) * view.unit}px ${view.font}`;
      context.letterSpacing = isCountry && !isArabic ? '1.5px' : '0px';
      const half = context.measureText(text).width / 2, middle = isCountry ? y : y - 11 * view.unit, frame = [x - half - 3, middle - 9 * view.unit, x + half + 3, middle + 9 * view.unit];
      if (taken.some(other => other[0] < frame[2] && other[2] > frame[0] && other[1] < frame[3] && other[3] > frame[1])) continue;
      taken.push(frame);
      if (!isCountry) { context.fillStyle = ink('place'); context.beginPath(); context.arc(x, y, kind === 'capital' ? 3 : 2, 0, 7); context.fill(); }
      context.lineWidth = 3; context.strokeStyle = ink('land'); context.strokeText(text, x, middle);
      context.fillStyle = ink(isCountry ? 'country' : 'place'); context.fillText(text, x, middle);
    }
    context.letterSpacing = '0px';
  }
}
