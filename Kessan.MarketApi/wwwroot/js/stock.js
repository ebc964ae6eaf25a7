// One stock: its price with where it came from, and what makes all nodes forget it.

import { get } from './api.js';
import { Details } from './details.js';
import { change, element, figure, formatCompact, formatMoment, formatNumber, showOrigin, showProblem } from './format.js';
import { History } from './history.js';

const byId = id => document.getElementById(id);

export class StockView {
  constructor({ onPrice, announce }) {
    this.onPrice = onPrice;
    this.announce = announce;
    this.history = new History();
    this.details = new Details();
    byId('ask').addEventListener('click', () => this.ask());
    byId('refresh').addEventListener('click', () => this.invalidate());
  }

  get ticker() {
    return this.stock?.ticker;
  }

  async choose(stock) {
    this.stock = stock;
    document.title = `${stock.ticker} ${stock.name} – Kessan market board`;
    byId('stock-title').textContent = `${stock.ticker} ${stock.name}`;
    byId('stock-about').textContent = [stock.name_japanese, stock.sector, stock.segment].filter(Boolean).join(' · ');
    byId('stock-price').replaceChildren();
    byId('stock-day').replaceChildren();
    byId('stock-origin').textContent = 'Asking…';
    byId('ask').disabled = byId('refresh').disabled = false;
    await Promise.all([this.ask(), this.history.choose(stock), this.details.choose(stock)]);
  }

  /** Asks for the price because somebody wants to know, and says so to those who do not see it. */
  async ask() {
    const { stock } = this;
    try {
      const answer = await get(`stocks/${stock.ticker}/price`);
      if (stock !== this.stock) return;
      this.show(answer.body, answer);
      this.onPrice(answer.body, answer.origin);
      this.announce(`${stock.name}: ${formatNumber(answer.body.close)} yen, from ${byId('stock-origin').textContent}`);
    } catch (problem) {
      if (stock !== this.stock) return;
      showProblem(byId('stock-origin'), problem);
      this.announce(`${stock.name}: ${problem.message}`);
    }
  }

  /** Shows a price if it is this stock's. */
  show(price, origin) {
    if (price.ticker !== this.ticker) return;
    byId('stock-price').replaceChildren(`¥${formatNumber(price.close)} `, change(price.close, price.previous_close));
    byId('stock-day').replaceChildren(
      figure('Open', formatNumber(price.open)),
      figure('High', formatNumber(price.high)),
      figure('Low', formatNumber(price.low)),
      figure('Volume', formatCompact(price.volume), formatNumber(price.volume)),
      figure(price.is_final ? 'Close of' : 'Price of', formatMoment(price.as_of)));
    showOrigin(byId('stock-origin'), origin);
    this.history.showLatest(price);
  }

  async invalidate() {
    const { stock } = this;
    try {
      const { body } = await get(`stocks/${stock.ticker}/refresh`, { method: 'POST' });
      this.say(stock, body.invalidated === null
        ? 'Invalidated here; the other nodes follow when the cache service is back.'
        : `Invalidated: ${body.invalidated} entr${body.invalidated === 1 ? 'y' : 'ies'} gone from all nodes. The next question is a miss.`);
    } catch (problem) {
      this.say(stock, problem.message);
    }
  }

  say(stock, text) {
    if (stock !== this.stock) return;
    byId('stock-origin').replaceChildren(element('span', '', text));
    this.announce(text);
  }
}
