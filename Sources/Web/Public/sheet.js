// A table of numbers as a grid: arrows move, typing replaces, Enter and F2 edit, Escape puts back, = asks why, and rows are pasted from a spreadsheet.
// The server computes: after each change it says what the shaded cells would be and which relations would fail. Saving is the form's own.
const wait = 250;

export function edit(form) {
  const table = form.querySelector('table.sheet'), fails = form.querySelector('[data-fails]');
  const inputs = () => [...table.querySelectorAll('input[inputmode]')];
  const rows = () => [...table.tBodies[0].rows].filter(row => row.querySelector('input[inputmode]'));
  const inputAt = cell => cell?.querySelector('input[inputmode]');
  let editing = null, before = '';

  // From a cell to the next one that can be typed into.
  function step(input, key) {
    const cell = input.closest('td'), row = cell.parentElement;
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      const all = rows(), next = all[all.indexOf(row) + (key === 'ArrowDown' ? 1 : -1)];
      return inputAt(next?.cells[cell.cellIndex]);
    }
    const ahead = (key === 'ArrowRight') === (getComputedStyle(row).direction === 'ltr') ? 1 : -1;
    for (let at = cell.cellIndex + ahead; row.cells[at]; at += ahead) if (inputAt(row.cells[at])) return inputAt(row.cells[at]);
    return null;
  }

  const begin = input => { editing = input; const end = input.value.length; input.setSelectionRange(end, end); };
  const put = (input, text) => { if (input.value === text) return; input.value = text; input.dispatchEvent(new Event('input', { bubbles: true })); };

  table.addEventListener('focusin', ({ target }) => {
    if (!target.matches('input[inputmode]')) return;
    if (editing !== target) editing = null;
    before = target.value;
    target.select();
    mark(target);
  });

  // The chosen cell carries the way to its working.
  const link = document.createElement('a');
  link.className = 'why';
  link.innerHTML = '<svg aria-hidden="true"><use href="/assets/icons.svg#therefore"/></svg>';
  function mark(input) {
    table.querySelector('td.asked')?.classList.remove('asked');
    link.href = input.dataset.why;
    link.setAttribute('aria-label', `${form.dataset.why}: ${input.getAttribute('aria-label')}`);
    input.closest('td').classList.add('asked');
    input.after(link);
  }

  table.addEventListener('keydown', event => {
    const { target, key } = event;
    if (!target.matches('input[inputmode]') || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (key === 'F2' || (key === 'Enter' && editing !== target)) { event.preventDefault(); begin(target); return; }
    if (key === 'Escape') { event.preventDefault(); event.stopPropagation(); put(target, before); editing = null; target.select(); return; }
    if (key === 'Enter') { event.preventDefault(); editing = null; (step(target, event.shiftKey ? 'ArrowUp' : 'ArrowDown') ?? target).focus(); target.matches(':focus') && target.select(); return; }
    if (key === '=' && editing !== target) { event.preventDefault(); link.click(); return; }
    if (key.startsWith('Arrow') && editing !== target) { const next = step(target, key); if (next) { event.preventDefault(); next.focus(); } }
  });
  table.addEventListener('dblclick', ({ target }) => target.matches('input[inputmode]') && begin(target));

  // Cells side by side are parted by tabs, rows by line ends.
  table.addEventListener('paste', event => {
    const text = event.clipboardData?.getData('text/plain') ?? '', start = event.target;
    if (!start.matches('input[inputmode]') || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const all = rows(), first = all.indexOf(start.closest('tr')), column = start.closest('td').cellIndex;
    text.replace(/\r/g, '').replace(/\n$/, '').split('\n').forEach((line, down) => line.split('\t').forEach((value, along) => {
      const input = inputAt(all[first + down]?.cells[column + along]);
      if (input) put(input, value.trim());
    }));
  });

  let timer = 0, running = null;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(check, wait); });

  async function check() {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.sheet, { method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'same-origin', signal: running.signal });
      if (!answer.ok) return;
      const { cells, wrong, fails: sentences } = await answer.json();
      for (const cell of table.querySelectorAll('[data-calc]')) { const shown = cell.querySelector('bdi'); if (shown && cells[cell.dataset.calc] !== undefined) shown.textContent = cells[cell.dataset.calc]; }
      for (const input of inputs()) input.name in wrong ? input.setAttribute('aria-invalid', 'true') : input.removeAttribute('aria-invalid');
      fails.replaceChildren(...[...new Set([...Object.values(wrong), ...sentences])].map(text => Object.assign(document.createElement('li'), { textContent: text })));
    } catch (error) { if (error.name !== 'AbortError') console.debug(error); }
  }

  let isSaving = false;
  const isChanged = () => inputs().some(input => input.value !== input.defaultValue);
  form.addEventListener('submit', () => { isSaving = true; });
  addEventListener('beforeunload', event => { if (!isSaving && isChanged()) event.preventDefault(); });
}
