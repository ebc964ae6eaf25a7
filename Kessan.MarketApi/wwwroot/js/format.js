// Numbers and small pieces of the page as people read them.

const yen = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const formatNumber = value => yen.format(value);

export const formatCompact = value => compact.format(value);

export const formatPercent = value => `${percent.format(value)} %`;

export const formatTook = milliseconds => `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;

export function formatAge(seconds) {
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

/** A moment as the exchange's clock shows it: the API writes times in Tokyo's zone. */
export const formatMoment = iso => `${iso.slice(0, 10)} ${iso.slice(11, 16)} JST`;

/** An element with a class and a text; the text is never read as markup. */
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A term and its value, for a list of them. */
export function figure(term, value, title) {
  const item = element('div');
  item.append(element('dt', '', term), element('dd', '', value));
  if (title) item.title = title;
  return item;
}

export const badge = origin => element('span', `badge ${origin}`, { l1: 'L1', l2: 'L2', error: 'failed' }[origin] ?? origin);

/** Shows where an answer came from, how old it is and how long it took. */
export function showOrigin(place, { origin, age, took }) {
  const made = origin === 'source' ? 'made just now' : `${formatAge(age)} old`;
  place.replaceChildren(badge(origin), ` ${made}, took ${formatTook(took)}`);
}

/** Says what went wrong instead. */
export function showProblem(place, problem) {
  place.replaceChildren(badge('error'), ` ${problem.message}`);
}

/** The change against the close of the day before, by sign, arrow and colour. */
export function change(now, before) {
  if (!before) return element('span', 'change', '');
  const value = (now / before - 1) * 100;
  const direction = value > 0 ? 'up' : value < 0 ? 'down' : '';
  const made = element('span', `change ${direction}`, formatPercent(value));
  const arrow = element('span', '', { up: '▲ ', down: '▼ ' }[direction] ?? '');
  arrow.ariaHidden = 'true'; // the sign says it already
  made.prepend(arrow);
  return made;
}
