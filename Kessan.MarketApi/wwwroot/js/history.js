// The chart of a stock: daily bars over a span of months, with today's price at their end.

import { get } from './api.js';
import { priceChart } from './charts.js';
import { element, formatNumber, showOrigin, showProblem } from './format.js';

const TableRows = 20;
const byId = id => document.getElementById(id);
const day = date => Date.parse(date) / 1000;

export class History {
  constructor() {
    this.chart = priceChart(byId('chart'));
    this.ranges = byId('ranges');
    this.ranges.addEventListener('change', () => this.load());
    byId('chart-table').addEventListener('toggle', () => this.fillTable());
  }

  async choose(stock) {
    this.stock = stock;
    this.latest = undefined;
    await this.load();
  }

  async load() {
    const { stock } = this;
    if (!stock) return;
    const months = Number(this.ranges.querySelector('input:checked').value);
    try {
      const answer = await get(`stocks/${stock.ticker}/history?from=${monthsAgo(months)}`);
      if (stock !== this.stock || months !== Number(this.ranges.querySelector('input:checked').value)) return;
      this.bars = answer.body.bars;
      showOrigin(byId('chart-origin'), answer);
      this.draw();
    } catch (problem) {
      if (stock !== this.stock) return;
      showProblem(byId('chart-origin'), problem);
      this.bars = [];
      this.draw();
    }
  }

  /** Puts the price of a day that has no bar yet at the end of the chart. */
  showLatest(price) {
    const isNew = this.latest?.as_of !== price.as_of;
    this.latest = price;
    if (isNew && this.bars) this.draw();
  }

  draw() {
    const { bars, latest, stock } = this;
    const all = latest && bars.length > 0 && latest.ticker === stock.ticker && latest.date > bars.at(-1).date ? [...bars, latest] : bars;
    this.all = all;
    this.chart.draw([
      all.map(bar => day(bar.date)), all.map(bar => bar.low), all.map(bar => bar.high), all.map(bar => bar.close), all.map(bar => bar.volume),
    ]);
    const text = all.length === 0 ? 'No history.' : `${all[0].date} to ${all.at(-1).date}: low ${formatNumber(Math.min(...all.map(bar => bar.low)))}, `
      + `high ${formatNumber(Math.max(...all.map(bar => bar.high)))}, first close ${formatNumber(all[0].close)}, last ${formatNumber(all.at(-1).close)}.`;
    byId('chart-text').textContent = text;
    byId('chart').ariaLabel = `Price chart of ${stock.name}. ${text}`;
    this.fillTable();
  }

  fillTable() {
    const details = byId('chart-table');
    if (!details.open) return;
    details.querySelector('tbody').replaceChildren(...(this.all ?? []).slice(-TableRows).reverse().map(bar => {
      const row = element('tr');
      const head = element('th', '', bar.date);
      head.scope = 'row';
      row.append(head, ...[bar.low, bar.high, bar.close].map(price => element('td', 'number', formatNumber(price))));
      return row;
    }));
  }
}

function monthsAgo(months) {
  // In Tokyo, as the API counts its days.
  const [year, month, date] = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Tokyo' }).format(new Date()).split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10);
}
