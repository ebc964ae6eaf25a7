// Numbers and small pieces of the page as people read them.

const yen = new Intl.NumberFormat('en', { minimumFractionDigits: 0, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });

export const formatYen = value => yen.format(value);

export const formatTook = milliseconds => (milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`);

export const formatAge = seconds => (seconds < 100 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min`);

/** An element with a class and a text; the text is never read as markup. */
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export const badge = origin => element('span', `badge ${origin}`, { l1: 'L1', l2: 'L2', error: 'failed' }[origin] ?? origin);

/** The change against the close of the day before, by sign, arrow and colour. */
export function change(now, before) {
  if (!before) return element('span', '', '');
  const value = (now / before - 1) * 100;
  const direction = value > 0 ? 'up' : value < 0 ? 'down' : '';
  return element('span', direction, `${{ up: '▲', down: '▼' }[direction] ?? ''} ${percent.format(value)} %`);
}
