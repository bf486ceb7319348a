// The time bar: how many incidents occurred in each part of the period, and two handles between which the room shows them.
export class TimeBar {
  /** @param {Element} bar  @param {(change: {from: ?string, to: ?string}) => void} onChange with the instants that the handles chose, null at an end */
  constructor(bar, onChange) {
    Object.assign(this, { bar, onChange });
    [this.from, this.to] = bar.querySelectorAll('[data-time]');
    this.place = bar.querySelector('[data-bars]');
    for (const handle of [this.from, this.to]) { handle.addEventListener('input', () => this.move(handle)); handle.addEventListener('change', () => this.set()); }
  }

  show(bars, params) {
    const start = Date.parse(bars.from), parts = bars.counts.length, most = Math.max(1, ...bars.counts);
    Object.assign(this, { bars, start, parts, whole: Date.parse(bars.until) - start });
    while (this.place.children.length < parts) this.place.append(document.createElement('i'));
    bars.counts.forEach((count, i) => { this.place.children[i].style.blockSize = `${count ? Math.max(6, 100 * count / most) : 0}%`; });
    if (![this.from, this.to].includes(document.activeElement)) {
      const part = (name, usual) => { const at = Date.parse(params.get(name)); return Number.isNaN(at) ? usual : Math.round((at - start) / this.whole * parts); };
      this.from.value = part('from', 0); this.to.value = part('to', parts);
    }
    this.say();
  }

  // The handles never meet: at least one part lies between them.
  move(handle) {
    if (this.first >= this.last) handle.value = handle === this.from ? this.last - 1 : this.first + 1;
    this.say();
  }

  get first() { return Number(this.from.value); }
  get last() { return Number(this.to.value); }

  say() {
    if (!this.bars) return;
    const [a, b] = [this.bars.edges[this.first], this.bars.edges[this.last]];
    this.bar.querySelector('[data-time-said]').textContent = `${a} – ${b}`;
    this.from.setAttribute('aria-valuetext', a); this.to.setAttribute('aria-valuetext', b);
    [...this.place.children].forEach((el, i) => el.classList.toggle('is-in', i >= this.first && i < this.last));
  }

  set() {
    if (!this.bars) return;
    const iso = part => new Date(this.start + this.whole * part / this.parts).toISOString();
    this.onChange({ from: this.first > 0 ? iso(this.first) : null, to: this.last < this.parts ? iso(this.last) : null });
  }
}
