// The table of stocks: a search finds them, one batch brings their prices.

import { get, originOf } from './api.js';
import { badge, change, element, formatYen } from './format.js';

export class Board {
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.table = document.querySelector('#board tbody');
    this.found = document.getElementById('found');
    this.question = 0;
    this.table.addEventListener('click', event => this.choose(event.target.closest('tr')));
    this.table.addEventListener('keydown', event => this.move(event));
  }

  async search(query) {
    const question = ++this.question;
    try {
      const { body } = await get(`stocks?query=${encodeURIComponent(query)}`);
      if (question !== this.question) return; // a later one is under way
      this.found.textContent = body.total === 0 ? 'Nothing found.' : `${body.total} stock${body.total === 1 ? '' : 's'}`;
      this.table.replaceChildren(...body.stocks.map(stock => this.row(stock)));
      await this.update();
    } catch (problem) {
      this.found.textContent = problem.message;
    }
  }

  async update() {
    const tickers = [...this.table.rows].map(row => row.dataset.ticker);
    if (tickers.length === 0) return;
    try {
      const { body } = await get(`stocks/prices?tickers=${tickers.join(',')}`);
      for (const { price, cache } of body.prices) this.show(price, originOf(cache));
    } catch {
      // The old prices stay, and the list of answers says that this one failed.
    }
  }

  /** Shows a price where its stock is on the board. */
  show(price, origin) {
    const row = this.table.querySelector(`tr[data-ticker="${price.ticker}"]`);
    if (!row) return;
    row.cells[1].textContent = formatYen(price.close);
    row.cells[2].replaceChildren(change(price.close, price.previous_close));
    row.cells[3].replaceChildren(badge(origin));
  }

  chooseFirst() {
    this.choose(this.table.rows[0]);
  }

  row(stock) {
    const row = document.createElement('tr');
    row.dataset.ticker = stock.ticker;
    const head = document.createElement('th');
    head.scope = 'row';
    const button = element('button', '');
    button.type = 'button';
    button.append(element('b', '', stock.ticker), ` ${stock.name}`);
    button.title = stock.name_japanese;
    head.append(button);
    row.append(head, element('td', 'number'), element('td', 'number'), element('td', ''));
    row.stock = stock;
    return row;
  }

  choose(row) {
    if (!row?.stock) return;
    for (const other of this.table.rows) other.setAttribute('aria-selected', String(other === row));
    this.onChoose(row.stock);
  }

  move(event) {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
    const next = step && event.target.closest('tr')?.[step];
    if (!next) return;
    event.preventDefault();
    next.querySelector('button').focus();
  }
}
