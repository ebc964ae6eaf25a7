// Counts where the answers came from, as this page saw them: what a cache does for one visitor.

import { badge, element, formatAge, formatTook } from './format.js';
import { rateChart } from './charts.js';

const MaximumRows = 10;
const MaximumPoints = 600;
const MaximumTimes = 100;
const Origins = ['l1', 'l2', 'stale', 'source', 'error'];
const byId = id => document.getElementById(id);

export class Statistics {
  constructor() {
    this.counts = Object.fromEntries(Origins.map(origin => [origin, 0]));
    this.times = Object.fromEntries(Origins.map(origin => [origin, []]));
    this.points = [[], []];
    this.chart = rateChart(byId('rate-chart'));
    this.list = document.querySelector('#answers tbody');
  }

  add({ path, origin, age = 0, took, rows }) {
    for (const one of rows ?? [origin]) {
      if (one in this.counts) this.counts[one]++;
    }
    // A batch took as long as the farthest of its rows.
    if (origin in this.times) this.times[origin] = [...this.times[origin].slice(1 - MaximumTimes), took];
    this.showCounts();
    this.showAnswer(path, origin, age, took);
  }

  showCounts() {
    for (const origin of Origins) {
      byId(`count-${origin}`).textContent = this.counts[origin];
      if (this.times[origin].length > 0) byId(`time-${origin}`).textContent = formatTook(median(this.times[origin]));
    }
    const { l1, l2, stale, source } = this.counts;
    const answered = l1 + l2 + stale + source;
    if (answered === 0) return;

    const rate = (100 * (l1 + l2 + stale)) / answered;
    byId('hit-rate').textContent = `${rate.toFixed(1)} %`;
    byId('lookups').textContent = answered;
    this.points = this.points.map(values => values.slice(1 - MaximumPoints));
    this.points[0].push(Date.now() / 1000);
    this.points[1].push(rate);
    this.chart.update(this.points);
    byId('rate-chart').ariaLabel = `Hit rate over time, now ${rate.toFixed(1)} %`;
  }

  showAnswer(path, origin, age, took) {
    const row = element('tr');
    const from = element('td');
    from.append(badge(origin));
    const request = element('td', '', decodeURIComponent(path));
    request.title = path;
    row.append(
      request, from,
      element('td', 'number', origin === 'source' || origin === 'error' || origin === 'none' ? '–' : formatAge(age)),
      element('td', 'number', formatTook(took)));
    this.list.prepend(row);
    while (this.list.rows.length > MaximumRows) this.list.lastElementChild.remove();
  }
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
