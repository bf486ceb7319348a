// Alarms of the operations room: seen at once, and heard after a person asked for it.
const known = new Set();                                               // those that were shown in this window
let sound = null, wasEntered = false;

// Browsers let a page be heard only after a person asked for it.
function makeSound() {
  const audio = new AudioContext();
  return () => [0, 0.25].forEach(after => {
    const tone = audio.createOscillator(), level = audio.createGain(), at = audio.currentTime + after;
    tone.frequency.value = 880; level.gain.setValueAtTime(0.2, at); level.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    tone.connect(level).connect(audio.destination); tone.start(at); tone.stop(at + 0.2);
  });
}

export class Alarms {
  /** @param {Element} place with role=alert  @param {object} words of the room */
  constructor(place, words) {
    Object.assign(this, { place, words });
    place.addEventListener('click', event => event.target.closest('[data-alarm-close]')?.closest('[data-alarm]').remove());
  }

  get isHeard() { return sound !== null; }

  toggle() { sound = sound ? null : makeSound(); sound?.(); }

  /** Shows those that are new; what was there before the page was made is in the stream. */
  take(alerts) {
    const came = Date.parse(document.documentElement.dataset.now);
    const fresh = alerts.filter(({ reference }) => !known.has(reference)).reverse(), shown = fresh.filter(({ at }) => wasEntered || Date.parse(at) >= came);
    for (const { reference } of fresh) known.add(reference);
    for (const alarm of shown) this.show(alarm);
    if (shown.length) sound?.();
    wasEntered = true;
  }

  show(alarm) {
    const box = Object.assign(document.createElement('div'), { className: 'notice is-bad' }), link = Object.assign(document.createElement('a'), { href: alarm.href });
    box.dataset.alarm = '';
    if (alarm.incident) link.dataset.record = alarm.reference;
    link.append(alarm.incident ? `${this.words.alarm} ` : `${this.words.alert} `, Object.assign(document.createElement('bdi'), { textContent: alarm.summary }));
    const away = Object.assign(document.createElement('button'), { className: 'btn small quiet icon end', type: 'button', ariaLabel: this.words['alarm-close'], textContent: '×' });
    away.dataset.alarmClose = '';
    box.append(link, away);
    this.place.prepend(box);
  }
}
