// Counts where the answers came from, as this page saw them: what a cache does for one visitor.

import { badge, element, formatAge, formatTook } from './format.js';
import { rateChart } from './charts.js';

const MaximumRows = 10;
const MaximumPoints = 600;

export class Statistics {
  constructor() {
    this.counts = { l1: 0, l2: 0, stale: 0, source: 0, error: 0 };
    this.points = [[], []];
    this.chart = rateChart(document.getElementById('rate-chart'));
    this.list = document.querySelector('#answers tbody');
  }

  add({ path, origin, age = 0, took, rows }) {
    for (const one of rows ?? [origin]) {
      if (one in this.counts) this.counts[one]++;
    }
    this.showCounts();
    this.showAnswer(path, origin, age, took);
  }

  showCounts() {
    const { l1, l2, stale, source, error } = this.counts;
    const all = l1 + l2 + stale + source + error;
    const rate = all === 0 ? 0 : (100 * (l1 + l2 + stale)) / all;
    for (const [name, count] of Object.entries(this.counts)) document.getElementById(`count-${name}`).textContent = count;
    document.getElementById('hit-rate').textContent = all === 0 ? '–' : `${rate.toFixed(1)} %`;

    this.points = this.points.map(values => values.slice(-MaximumPoints));
    this.points[0].push(Date.now() / 1000);
    this.points[1].push(rate);
    this.chart.update(this.points);
  }

  showAnswer(path, origin, age, took) {
    const row = document.createElement('tr');
    const from = document.createElement('td');
    from.append(badge(origin));
    row.append(
      element('td', '', path), from,
      element('td', 'number', origin === 'source' || origin === 'error' ? '' : formatAge(age)),
      element('td', 'number', formatTook(took)));
    row.firstChild.title = path;
    this.list.prepend(row);
    while (this.list.rows.length > MaximumRows) this.list.lastElementChild.remove();
  }
}
