// The two charts, drawn by uPlot.

const Dark = matchMedia('(prefers-color-scheme: dark)');

// uPlot paints on a canvas and needs the colours themselves: light-dark() is resolved by a real element.
function colour(name) {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const axis = extra => ({ stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, ...extra });

class Chart {
  constructor(place, height, options) {
    Object.assign(this, { place, height, options });
    new ResizeObserver(() => this.plot?.setSize({ width: place.clientWidth, height })).observe(place);
    Dark.addEventListener('change', () => this.draw(this.data));
  }

  draw(data) {
    this.data = data;
    this.plot?.destroy();
    this.plot = data?.[0].length ? new uPlot({ width: this.place.clientWidth, height: this.height, ...this.options() }, data, this.place) : undefined;
  }

  update(data) {
    if (this.plot) this.plot.setData((this.data = data));
    else this.draw(data);
  }
}

const number = (_, value) => (value == null ? '–' : value.toLocaleString('en'));
const utcDay = seconds => new Date(seconds * 1000).toISOString().slice(0, 10);

// A year at its beginning, else as much of the date as the steps need.
function dayLabel(seconds, step) {
  const date = new Date(seconds * 1000);
  if (date.getUTCMonth() === 0 && step >= 86400 * 28) return String(date.getUTCFullYear());
  return date.toLocaleDateString('en', { timeZone: 'UTC', month: 'short', ...(step < 86400 * 28 && { day: 'numeric' }) });
}

/** Closes as a line, the day's range as a band, volumes as bars at the foot: days, lows, highs, closes, volumes. */
export const priceChart = place => new Chart(place, 300, () => ({
  tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'), // days, not moments: the same in every time zone
  scales: { x: { time: true }, volume: { range: (_, __, most) => [0, most * 5] } },
  axes: [
    axis({ size: 28, space: 60, values: (_, ticks, __, ___, step) => ticks.map(tick => dayLabel(tick, step)) }),
    axis({ size: 62, values: (_, ticks) => ticks.map(tick => tick.toLocaleString('en')) }),
  ],
  cursor: { y: false },
  series: [
    { label: 'Day', value: (_, seconds) => (seconds == null ? '–' : utcDay(seconds)) },
    { label: 'Low', stroke: 'transparent', points: { show: false }, value: number },
    { label: 'High', stroke: 'transparent', points: { show: false }, value: number },
    { label: 'Close', stroke: colour('--accent'), width: 2, points: { show: false }, value: number },
    { label: 'Volume', scale: 'volume', width: 0, fill: colour('--bars'), paths: uPlot.paths.bars({ size: [0.7, 12] }), points: { show: false }, value: number },
  ],
  bands: [{ series: [2, 1], fill: colour('--band') }],
}));

/** The hit rate in percent over time, at least the last minute. */
export const rateChart = place => new Chart(place, 110, () => ({
  legend: { show: false },
  cursor: { show: false },
  scales: { x: { time: true, range: (_, from, to) => [Math.min(from, to - 60), to] }, y: { range: [0, 104] } },
  axes: [
    axis({ size: 26, space: 80, values: (_, ticks) => ticks.map(tick => new Date(tick * 1000).toTimeString().slice(0, 8)) }),
    axis({ size: 52, splits: [0, 50, 100], values: (_, ticks) => ticks.map(tick => `${tick} %`) }),
  ],
  series: [{}, { stroke: colour('--l1'), width: 2, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }) }],
}));
