// Drawings: what stands in the table of an answer is drawn above it. The table says the same without this file; a drawing adds no number to it.
// Asked for by mandate.js when a page has [data-drawing] or [data-squares].
const search = new URL(import.meta.url).search, load = name => import(new URL(name + search, import.meta.url));
const $ = (selector, from = document) => from.querySelector(selector), $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const root = document.documentElement, isRTL = root.dir === 'rtl', isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
const locale = (root.lang || 'en') + (root.dataset.numbers ? '-u-nu-' + root.dataset.numbers : '');
const drawn = new Map();

/** What a table tells: its rows, and for each a number in every column; wholes are left out, since no drawing sets them beside their parts. */
function read(table) {
  const rows = $$('tbody tr', table).filter(row => row.dataset.kind !== 'all');
  const names = rows.map(row => $('th', row).textContent.trim());
  if (table.dataset.answer === 'cross') {
    const heads = $$('thead th', table).slice(1), kept = heads.map((head, place) => ({ head, place })).filter(({ head }) => head.dataset.kind !== 'all');
    return { names, series: kept.map(({ head, place }) => ({ name: head.textContent.trim(), values: rows.map(row => number($$('td', row)[place]?.dataset.value)) })) };
  }
  const cells = rows.map(row => $('td[data-value]', row));
  const series = [{ name: $('thead th.n', table).textContent.trim(), values: cells.map(cell => number(cell?.dataset.value)) }];
  const before = rows.map(row => number($('td[data-before]', row)?.dataset.before));
  return { names, series, before: before.some(value => value !== null) ? before : null, n: cells.map(cell => number(cell?.dataset.n)) };
}

const number = text => text === undefined ? null : Number(text);

/** The colours and the type of the page, as its style sheet has them now. */
function look(frame) {
  const style = getComputedStyle(frame), probe = frame.appendChild(document.createElement('i'));
  const ink = name => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const found = { ink: ink('ink'), muted: ink('muted'), line: ink('line'), paper: ink('paper'), accent: ink('accent'), colours: [1, 2, 3, 4, 5].map(place => ink(`c${place}`)), font: style.fontFamily };
  probe.remove();
  return found;
}

const shown = (value, unit) => value === null || value === undefined ? '—'
  : new Intl.NumberFormat(locale, { maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0, notation: Math.abs(value) >= 1e6 ? 'compact' : 'standard' }).format(value) + unit;

/** The options of a drawing: what is common to all, then what its form needs. */
function options(frame, table) {
  const data = read(table), kind = frame.dataset.drawing, unit = frame.dataset.unit ?? '', view = look(frame), text = { color: view.muted, fontFamily: view.font, fontSize: 13 };
  const say = value => shown(value, unit);
  const category = { type: 'category', data: data.names, inverse: isRTL, axisLine: { lineStyle: { color: view.line } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true, width: 120, overflow: 'truncate' } };
  const amount = { type: 'value', position: isRTL ? 'right' : 'left', splitLine: { lineStyle: { color: view.line } }, axisLabel: { ...text, formatter: say } };
  const base = {
    animation: !isStill, color: view.colours, textStyle: text, backgroundColor: 'transparent',
    // Patterns tell the series apart for those who do not see colours; one series needs none.
    aria: { enabled: true, label: { enabled: false }, decal: { show: data.series.length > 1 } },
    tooltip: { trigger: 'axis', renderMode: 'richText', backgroundColor: view.paper, borderColor: view.line, textStyle: { ...text, color: view.ink }, valueFormatter: say, confine: true },
    legend: data.series.length > 1 || data.before ? { type: 'scroll', top: 0, textStyle: text, align: isRTL ? 'right' : 'left', [isRTL ? 'right' : 'left']: 0 } : undefined,
    grid: { left: 8, right: 16, top: data.series.length > 1 || data.before ? 40 : 16, bottom: 8, containLabel: true },
  };
  const series = more => data.series.map(one => ({ name: one.name, data: one.values, ...more }));
  const past = more => data.before ? [{ name: table.querySelectorAll('thead th.n')[data.n ? 2 : 1]?.textContent.trim() ?? '', data: data.before, ...more, itemStyle: { color: view.line }, lineStyle: { color: view.muted, type: 'dashed' } }] : [];
  switch (kind) {
    case 'bar': {
      const lying = data.names.length > 8 || data.names.some(name => name.length > 14);
      const own = { ...category, inverse: lying ? true : isRTL, axisLabel: { ...category.axisLabel, width: lying ? 180 : 120 } };
      const axis = lying ? { ...amount, position: 'bottom', inverse: isRTL } : amount;
      const bars = [...series({ type: 'bar', barMaxWidth: 36 }), ...past({ type: 'bar', barMaxWidth: 36 })];
      return { ...base, xAxis: lying ? axis : own, yAxis: lying ? { ...own, position: isRTL ? 'right' : 'left' } : axis, series: bars, tall: lying ? Math.min(720, 60 + data.names.length * (data.before ? 36 : 26)) : 0 };
    }
    case 'line': case 'area': case 'spark':
      return { ...base, xAxis: category, yAxis: amount, series: series({ type: 'line', symbolSize: 6, connectNulls: false, ...(kind === 'area' ? { areaStyle: { opacity: .35 }, stack: 'all' } : {}) }) };
    case 'stacked':
      return { ...base, xAxis: category, yAxis: amount, series: series({ type: 'bar', stack: 'all', barMaxWidth: 48 }) };
    case 'scatter':
      return {
        ...base, tooltip: { ...base.tooltip, trigger: 'item', formatter: ({ data: [x, y, name] }) => `${name}: ${say(y)}, n = ${shown(x, '')}` },
        xAxis: { ...amount, type: 'value', name: 'n', inverse: isRTL, position: 'bottom', axisLabel: { ...text, formatter: value => shown(value, '') } }, yAxis: { ...amount, scale: true },
        series: [{ type: 'scatter', symbolSize: 12, data: data.series[0].values.map((value, place) => [data.n?.[place] ?? value, value, data.names[place]]).filter(([, value]) => value !== null) }],
      };
    case 'heat': {
      const cells = data.series.flatMap((one, column) => one.values.map((value, row) => [column, row, value])).filter(([, , value]) => value !== null);
      const most = Math.max(1, ...cells.map(([, , value]) => value)), least = Math.min(0, ...cells.map(([, , value]) => value));
      return {
        ...base, legend: undefined, aria: { enabled: true, label: { enabled: false } }, grid: { ...base.grid, top: 16 },
        tooltip: { ...base.tooltip, trigger: 'item', formatter: ({ data: [column, row, value] }) => `${data.names[row]} · ${data.series[column].name}: ${say(value)}` },
        xAxis: { ...category, data: data.series.map(one => one.name), position: 'top' }, yAxis: { ...category, inverse: true, position: isRTL ? 'right' : 'left', axisLabel: { ...category.axisLabel, width: 180 } },
        visualMap: { show: false, min: least, max: most, inRange: { color: [view.paper, view.accent] } },
        // Each number stands on a square of the page's own colour, so that it can be read on any shade.
        series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: view.paper, borderWidth: 2 }, label: { show: cells.length <= 120, formatter: ({ data: [, , value] }) => say(value), color: view.ink, backgroundColor: view.paper, padding: [1, 3], borderRadius: 3, fontFamily: view.font } }],
        tall: Math.min(720, 80 + data.names.length * 32),
      };
    }
    case 'funnel':
      return {
        ...base, legend: undefined, tooltip: { ...base.tooltip, trigger: 'item' },
        series: [{ type: 'funnel', sort: 'descending', left: '20%', right: '20%', top: 8, bottom: 8, gap: 2, data: data.names.map((name, place) => ({ name, value: data.series[0].values[place] })).filter(one => one.value !== null), label: { position: isRTL ? 'left' : 'right', color: view.ink, fontFamily: view.font, formatter: ({ name, value }) => `${name} ${say(value)}` }, labelLine: { lineStyle: { color: view.line } } }],
      };
    default: return null;
  }
}

/** Draws one frame, and folds its table away: it stays one key away. */
function draw(frame) {
  const details = frame.parentElement.querySelector(':scope > details[data-closes]'), table = details && $('table[data-answer]', details);
  if (!table) return;
  const made = options(frame, table);
  if (!made) return;
  const { tall, ...option } = made;
  let chart = drawn.get(frame);
  if (!chart) {
    // Only what is shown has a size.
    frame.dataset.drawn = 'yes';
    if (tall) frame.style.blockSize = `${tall}px`;
    chart = globalThis.echarts.init(frame, null, { renderer: 'canvas' });
    drawn.set(frame, chart);
    details.open = false;
    new ResizeObserver(() => chart.resize()).observe(frame);
  }
  chart.setOption(option, true);
}

/** Circles over the middles of squares, as large as what they stand for. */
async function squares(frame) {
  const { open } = await load('map.js'), atlas = open($('[data-map]', frame)), details = frame.parentElement.querySelector(':scope > details[data-closes]');
  const points = $$('tbody th[data-at]', details).map(head => {
    const [latitude, longitude] = head.dataset.at.split(',').map(Number);
    return { latitude, longitude, value: number($('td[data-value]', head.parentElement)?.dataset.value) };
  }).filter(point => point.value);
  const most = Math.max(1, ...points.map(point => Math.abs(point.value)));
  atlas.layers.push((context, view) => {
    context.lineWidth = 1.5 * view.unit;
    context.font = `600 ${12 * view.unit}px ${view.font}`;
    context.textAlign = 'center'; context.textBaseline = 'middle';
    for (const point of points) {
      const [x, y] = view.at(point.latitude, point.longitude), radius = (5 + 19 * Math.sqrt(Math.abs(point.value) / most)) * view.unit;
      context.beginPath(); context.arc(x, y, radius, 0, 2 * Math.PI);
      context.globalAlpha = .85; context.fillStyle = view.ink('accent'); context.fill(); context.globalAlpha = 1;
      context.strokeStyle = view.ink('paper'); context.stroke();
      if (radius > 10 * view.unit) { context.fillStyle = view.ink('paper'); context.fillText(shown(point.value, ''), x, y); }
    }
  });
  atlas.draw();
  details.open = false;
  frame.dataset.drawn = 'yes';
}

/** Draws all that is in a part of the page. */
export async function enter(part) {
  for (const frame of $$('[data-squares]', part)) if (!frame.dataset.drawn) squares(frame).catch(error => console.debug(error));
  const frames = $$('[data-drawing]', part).filter(frame => !frame.dataset.drawn);
  if (!frames.length) return;
  // Without the library the table is there, and open.
  try { await load('vendor/echarts.js'); } catch (error) { console.debug(error); return; }
  for (const frame of frames) draw(frame);
}

const redraw = () => { for (const [frame, chart] of drawn) if (frame.isConnected) draw(frame); else { chart.dispose(); drawn.delete(frame); } };
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
new MutationObserver(redraw).observe(root, { attributes: true, attributeFilter: ['data-theme'] });
