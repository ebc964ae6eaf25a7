// One stock: its price with where it came from, a chart, a few figures.

import { get } from './api.js';
import { priceChart } from './charts.js';
import { badge, change, element, formatAge, formatTook, formatYen } from './format.js';

export class StockView {
  constructor(onPrice) {
    this.onPrice = onPrice;
    this.chart = priceChart(document.getElementById('chart'));
    this.title = document.getElementById('stock-title');
    this.price = document.getElementById('stock-price');
    this.origin = document.getElementById('stock-origin');
    this.chartText = document.getElementById('chart-text');
    this.analysis = document.getElementById('analysis');
    this.ask = document.getElementById('ask');
    this.refresh = document.getElementById('refresh');
    this.ask.addEventListener('click', () => this.update());
    this.refresh.addEventListener('click', () => this.invalidate());
  }

  async choose(stock) {
    this.stock = stock;
    this.title.textContent = `${stock.ticker} ${stock.name}`;
    this.price.textContent = '';
    this.ask.disabled = this.refresh.disabled = false;
    await Promise.all([this.update(), this.showHistory(stock), this.showAnalysis(stock)]);
  }

  async update() {
    const stock = this.stock;
    if (!stock) return;
    try {
      const { body, origin, age, took } = await get(`stocks/${stock.ticker}/price`);
      if (stock !== this.stock) return;
      this.price.replaceChildren(`¥${formatYen(body.close)} `, element('small', ''));
      this.price.lastChild.append(change(body.close, body.previous_close));
      this.origin.replaceChildren(
        badge(origin), ` ${origin === 'source' ? 'made just now' : `${formatAge(age)} old`}, took ${formatTook(took)}; price of ${body.as_of.replace('T', ' ').slice(0, 16)} JST`);
      this.onPrice(body, origin);
    } catch (problem) {
      if (stock === this.stock) this.origin.replaceChildren(badge('error'), ` ${problem.message}`);
    }
  }

  async invalidate() {
    try {
      const { body } = await get(`stocks/${this.stock.ticker}/refresh`, { method: 'POST' });
      this.origin.textContent = body.invalidated === null
        ? 'Invalidated here; the other nodes follow when the store is back.'
        : `Invalidated: ${body.invalidated} entr${body.invalidated === 1 ? 'y' : 'ies'} gone from all nodes.`;
    } catch (problem) {
      this.origin.textContent = problem.message;
    }
  }

  async showHistory(stock) {
    try {
      const { bars } = (await get(`stocks/${stock.ticker}/history`)).body;
      if (stock !== this.stock) return;
      const seconds = bars.map(bar => Date.parse(bar.date) / 1000);
      this.chart.draw([seconds, bars.map(bar => bar.low), bars.map(bar => bar.high), bars.map(bar => bar.close)]);
      const text = bars.length === 0 ? 'No history.' : `${bars[0].date} to ${bars.at(-1).date}: low ${formatYen(Math.min(...bars.map(bar => bar.low)))}, high ${formatYen(Math.max(...bars.map(bar => bar.high)))}`;
      this.chartText.textContent = text;
      document.getElementById('chart').setAttribute('aria-label', `Price chart of ${stock.name}, ${text}`);
    } catch (problem) {
      if (stock === this.stock) this.chartText.textContent = problem.message;
    }
  }

  async showAnalysis(stock) {
    this.analysis.replaceChildren();
    try {
      const { indicators } = (await get(`stocks/${stock.ticker}/analysis/short_term`)).body;
      if (stock !== this.stock) return;
      this.analysis.replaceChildren(...indicators.map(indicator => {
        const item = document.createElement('div');
        const unit = { percent: ' %' }[indicator.unit] ?? '';
        item.append(element('dt', '', `${indicator.name.toUpperCase()} ${indicator.window}`), element('dd', '', formatYen(indicator.value) + unit));
        item.title = indicator.method;
        return item;
      }));
    } catch {
      // Figures are an extra: without them the price is still there.
    }
  }
}
