// The two charts, drawn by uPlot.

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// uPlot paints on a canvas, so it needs the colours themselves: light-dark() is resolved by a real element.
function resolved(name) {
  const probe = document.createElement('span');
  probe.style.color = colour(name);
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function axis(extra) {
  return { stroke: resolved('--soft'), grid: { stroke: resolved('--line'), width: 1 }, ticks: { stroke: resolved('--line') }, ...extra };
}

class Chart {
  constructor(place, height, options) {
    this.place = place;
    this.height = height;
    this.options = options;
    new ResizeObserver(() => this.plot?.setSize({ width: place.clientWidth, height })).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw(this.data));
  }

  draw(data) {
    this.data = data;
    this.plot?.destroy();
    this.plot = undefined;
    if (data?.[0].length) {
      this.plot = new uPlot({ width: this.place.clientWidth, height: this.height, ...this.options() }, data, this.place);
    }
  }

  update(data) {
    if (this.plot) this.plot.setData(this.data = data);
    else this.draw(data);
  }
}

/** Closes as a line, the day's range as a band: times, lows, highs, closes. */
export const priceChart = place => new Chart(place, 260, () => ({
  scales: { x: { time: true } },
  axes: [axis(), axis({ size: 60, values: (_, ticks) => ticks.map(tick => tick.toLocaleString('en')) })],
  series: [
    { value: '{YYYY}-{MM}-{DD}' },
    { label: 'Low', stroke: 'transparent' },
    { label: 'High', stroke: 'transparent' },
    { label: 'Close', stroke: resolved('--accent'), width: 2 },
  ],
  bands: [{ series: [2, 1], fill: resolved('--line') }],
}));

/** The hit rate in percent over time. */
export const rateChart = place => new Chart(place, 120, () => ({
  legend: { show: false },
  cursor: { show: false },
  scales: { x: { time: true }, y: { range: [0, 100] } },
  axes: [axis({ size: 30 }), axis({ size: 40, values: (_, ticks) => ticks.map(tick => `${tick}%`) })],
  series: [{}, { stroke: resolved('--l1'), width: 2, fill: 'transparent' }],
}));
