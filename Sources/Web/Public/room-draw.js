// What lies on the room's map: cells, incidents, tracks, density. Shape says how far an incident is, size how grave it is; colour only repeats it.
const looks = { new: 'info', half: 'accent', done: 'good', no: 'muted', pause: 'warn' };
const locale = document.documentElement.lang + (document.documentElement.dataset.numbers ? '-u-nu-' + document.documentElement.dataset.numbers : '');
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const circle = (context, x, y, radius) => { context.beginPath(); context.arc(x, y, radius, 0, 2 * Math.PI); };

export class Drawing {
  constructor() { Object.assign(this, { incidents: [], cells: [], tracks: [], hits: [], selected: null, layers: new Set(['tracks']), words: {} }); }

  draw(context, view) {
    this.hits = [];
    const isHeat = this.layers.has('heat');
    if (isHeat) this.heat(context, view);
    if (this.layers.has('tracks')) for (const track of this.tracks) if (!track.exercise || this.layers.has('exercise')) this.track(context, view, track);
    if (isHeat) return;
    const { alone, gathered } = this.gather(view);
    for (const cell of [...gathered, ...this.cells]) this.cell(context, view, cell);
    for (const incident of alone) this.incident(context, view, incident);
  }

  /** Incidents that would lie on each other become one sign with their number; the open one stands alone. The gravest come last, on top. */
  gather(view) {
    const reach = 26 * view.unit, places = new Map(), alone = [], gathered = [];
    for (const incident of [...this.incidents].sort((a, b) => b.severity - a.severity)) {
      const [x, y] = view.at(incident.lat, incident.lon);
      if (incident.reference === this.selected) { alone.push(incident); continue; }
      const column = Math.floor(x / reach), row = Math.floor(y / reach);
      let near = null;
      for (let i = -1; i <= 1 && !near; i += 1) for (let j = -1; j <= 1 && !near; j += 1) near = (places.get(`${column + i} ${row + j}`) ?? []).find(other => Math.hypot(other.x - x, other.y - y) < reach) ?? null;
      if (near) near.all.push(incident); else { const name = `${column} ${row}`; places.set(name, [...(places.get(name) ?? []), { x, y, all: [incident] }]); }
    }
    for (const { all } of [...places.values()].flat()) {
      if (all.length === 1) { alone.push(all[0]); continue; }
      const lats = all.map(({ lat }) => lat), lons = all.map(({ lon }) => lon), middle = numbers => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
      gathered.push({ count: all.length, severity: all[0].severity, lat: middle(lats), lon: middle(lons), first: all[0], box: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] });
    }
    return { alone: alone.reverse(), gathered };
  }

  /** The incident, cell or track at a point of the map, in pixels; targets are 24 wide at least. */
  hit(x, y) {
    let best = null;
    for (const target of this.hits) { const away = Math.hypot(target.x - x, target.y - y); if (away <= Math.max(12, target.radius) && (!best || away <= best.away)) best = { ...target, away }; }
    return best;
  }

  incident(context, view, incident) {
    const [x, y] = view.at(incident.lat, incident.lon), radius = (5 + incident.severity) * view.unit;
    if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) return;
    const colour = view.ink(looks[incident.look] ?? 'muted'), paper = view.ink('paper');
    this.hits.push({ x, y, radius, incident });
    if (incident.reference === this.selected) { this.around(context, view, incident, x, y); context.lineWidth = 2; context.strokeStyle = view.ink('accent'); circle(context, x, y, radius + 6); context.stroke(); }
    context.fillStyle = paper; circle(context, x, y, radius + 1.5); context.fill();
    context.strokeStyle = context.fillStyle = colour; context.lineWidth = 2; context.lineCap = 'round';
    if (incident.look === 'new') context.setLineDash([3, 3]);
    circle(context, x, y, radius); incident.look === 'done' ? context.fill() : context.stroke();
    context.setLineDash([]);
    if (incident.look === 'half') { context.beginPath(); context.arc(x, y, radius - 2.5, -Math.PI / 2, Math.PI / 2); context.fill(); }
    if (incident.look === 'no') { context.beginPath(); context.moveTo(x - radius * 0.6, y + radius * 0.6); context.lineTo(x + radius * 0.6, y - radius * 0.6); context.stroke(); }
    if (incident.look === 'done') { context.strokeStyle = paper; context.beginPath(); context.moveTo(x - radius * 0.45, y); context.lineTo(x - radius * 0.1, y + radius * 0.38); context.lineTo(x + radius * 0.5, y - radius * 0.4); context.stroke(); }
    if (incident.severity === 5) { context.strokeStyle = view.ink('bad'); context.lineWidth = 1.5; circle(context, x, y, radius + 3.5); context.stroke(); }
  }

  // How far from the point the truth may lie.
  around(context, view, { lat, precision }, x, y) {
    const radius = (precision ?? 0) / (156543.034 * Math.cos(lat * Math.PI / 180) / view.size);
    if (radius < 14) return;
    context.fillStyle = context.strokeStyle = view.ink('accent'); context.globalAlpha = 0.12; circle(context, x, y, radius); context.fill(); context.globalAlpha = 1;
    context.setLineDash([4, 4]); context.lineWidth = 1; context.stroke(); context.setLineDash([]);
  }

  cell(context, view, cell) {
    const [x, y] = view.at(cell.lat, cell.lon), radius = (9 + 4 * Math.log10(cell.count)) * view.unit;
    if (x < -40 || y < -40 || x > view.width + 40 || y > view.height + 40) return;
    this.hits.push({ x, y, radius, cell });
    if (cell.severity === 5) { context.strokeStyle = view.ink('bad'); context.lineWidth = 2; circle(context, x, y, radius + 3); context.stroke(); }
    context.fillStyle = view.ink('accent'); circle(context, x, y, radius); context.fill();
    context.fillStyle = view.ink('on-accent'); context.font = `600 ${12 * view.unit}px ${view.font}`; context.textAlign = 'center'; context.textBaseline = 'middle';
    context.fillText(compact.format(cell.count), x, y);
  }

  // Density: each square as deep as the logarithm of its number, and the number itself where it has room.
  heat(context, view) {
    const most = Math.log(1 + Math.max(1, ...this.cells.map(cell => cell.count)));
    context.font = `600 ${12 * view.unit}px ${view.font}`; context.textAlign = 'center'; context.textBaseline = 'middle';
    for (const cell of this.cells) {
      const [west, south, east, north] = cell.box, [x, bottom] = view.at(south, west), [, y] = view.at(north, east), width = (east - west) / 360 * 256 * view.size, height = bottom - y;
      context.globalAlpha = 0.15 + 0.6 * Math.log(1 + cell.count) / most; context.fillStyle = view.ink('c2');
      context.fillRect(x, y, width, height); context.globalAlpha = 1;
      this.hits.push({ x: x + width / 2, y: y + height / 2, radius: Math.min(width, height) / 2, cell });
      if (width > 28 && height > 16) { context.lineWidth = 3; context.strokeStyle = view.ink('paper'); context.fillStyle = view.ink('ink'); const text = compact.format(cell.count); context.strokeText(text, x + width / 2, y + height / 2); context.fillText(text, x + width / 2, y + height / 2); }
    }
  }

  track(context, view, track) {
    const colour = view.ink(track.late ? 'bad' : track.stale ? 'muted' : 'c3'), [x, y] = view.at(track.lat, track.lon);
    context.strokeStyle = context.fillStyle = colour; context.lineJoin = context.lineCap = 'round';
    this.line(context, view, track.planned, 1.5, [2, 5]);
    this.line(context, view, track.line, 2, track.exercise ? [2, 4] : track.stale ? [6, 4] : []);
    this.hits.push({ x, y, radius: 10, track });
    const heading = this.heading(view, track);
    if (heading === null) { circle(context, x, y, 6); context.fill(); } else {
      context.save(); context.translate(x, y); context.rotate(heading);
      context.beginPath(); context.moveTo(0, -9); context.lineTo(6, 7); context.lineTo(0, 4); context.lineTo(-6, 7); context.closePath(); context.fill(); context.restore();
    }
    const note = [track.exercise ? this.words.exercise : '', track.callsign, track.note ?? (track.stale ? this.words.stale : '')].filter(Boolean).join(' · ');
    context.font = `600 ${13 * view.unit}px ${view.font}`; context.textAlign = 'left'; context.textBaseline = 'middle'; context.lineWidth = 3; context.strokeStyle = view.ink('paper');
    context.strokeText(note, x + 12, y); context.fillText(note, x + 12, y);
  }

  // Where it goes, clockwise from north: as reported, else by the last leg; null where nobody knows.
  heading(view, { course, line }) {
    if (Number.isFinite(course)) return course * Math.PI / 180;
    if (!(line?.length > 1)) return null;
    const [[x1, y1], [x2, y2]] = line.slice(-2).map(([longitude, latitude]) => view.at(latitude, longitude));
    return Math.atan2(y2 - y1, x2 - x1) + Math.PI / 2;
  }

  line(context, view, points, width, dashes) {
    if (!(points?.length > 1)) return;
    context.lineWidth = width; context.setLineDash(dashes); context.beginPath();
    points.forEach(([longitude, latitude], i) => { const [x, y] = view.at(latitude, longitude); if (i) context.lineTo(x, y); else context.moveTo(x, y); });
    context.stroke(); context.setLineDash([]);
  }
}
