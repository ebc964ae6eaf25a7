// The table of stocks: a search finds them, one batch brings their prices.

import { get, originOf } from './api.js';
import { badge, change, element, formatNumber } from './format.js';

export class Board {
  constructor({ onChoose, onPrice }) {
    this.onChoose = onChoose;
    this.onPrice = onPrice;
    this.table = document.querySelector('#board tbody');
    this.found = document.getElementById('found');
    this.question = 0;
    this.table.addEventListener('click', event => this.choose(event.target.closest('tr')));
    this.table.addEventListener('keydown', event => this.move(event));
  }

  /** Finds stocks and their prices; gives the words for what was found. */
  async search(query) {
    const question = ++this.question;
    try {
      const { body } = await get(`stocks?query=${encodeURIComponent(query)}`);
      if (question !== this.question) return null; // a later one is under way
      this.table.replaceChildren(...body.stocks.map(stock => this.row(stock)));
      this.markChosen();
      const shown = body.stocks.length < body.total ? `, the first ${body.stocks.length} shown` : '';
      this.say(body.total === 0 ? `No stock matches “${query}”.` : `${body.total} stock${body.total === 1 ? '' : 's'}${shown}`);
      await this.update();
    } catch (problem) {
      if (question === this.question) this.say(problem.message, true);
    }
    return this.found.textContent;
  }

  /** Asks for the prices on the board, and for one more stock, with one question. */
  async update(also) {
    const tickers = [...this.table.rows].map(row => row.dataset.ticker);
    if (also && !tickers.includes(also)) tickers.push(also);
    if (tickers.length === 0) return;
    const { body, took } = await get(`stocks/prices?tickers=${tickers.join(',')}`);
    for (const { price, cache } of body.prices) {
      const origin = originOf(cache);
      this.show(price, origin);
      this.onPrice(price, { origin, age: cache.age_seconds, took });
    }
  }

  /** Shows a price where its stock is on the board. */
  show(price, origin) {
    const row = this.rowOf(price.ticker);
    if (!row) return;
    const [, cell, from] = row.cells;
    const text = formatNumber(price.close);
    const before = cell.firstChild?.textContent;
    cell.replaceChildren(element('span', before && before !== text ? 'value changed' : 'value', text), change(price.close, price.previous_close));
    from.replaceChildren(badge(origin));
  }

  chooseFirst() {
    this.choose(this.table.rows[0]);
  }

  focusFirst() {
    this.table.querySelector('button')?.focus();
  }

  choose(row) {
    if (!row?.stock) return;
    this.chosen = row.dataset.ticker;
    this.markChosen();
    this.onChoose(row.stock);
  }

  rowOf(ticker) {
    return this.table.querySelector(`tr[data-ticker="${ticker}"]`);
  }

  row(stock) {
    const row = element('tr');
    row.stock = stock;
    row.dataset.ticker = stock.ticker;
    const head = element('th');
    head.scope = 'row';
    const button = element('button');
    button.type = 'button';
    button.append(element('b', '', stock.ticker), ' ', element('span', 'name', stock.name));
    button.title = [stock.name, stock.name_japanese].filter(Boolean).join(' ');
    head.append(button);
    row.append(head, element('td', 'number'), element('td', 'origin'));
    return row;
  }

  markChosen() {
    for (const row of this.table.rows) {
      row.classList.toggle('chosen', row.dataset.ticker === this.chosen);
      row.querySelector('button').ariaCurrent = row.dataset.ticker === this.chosen ? 'true' : null;
    }
  }

  move(event) {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = event.target.closest('tr')[step];
    if (next) next.querySelector('button').focus();
    else if (event.key === 'ArrowUp') document.getElementById('search').focus();
  }

  say(text, isProblem = false) {
    this.found.textContent = text;
    this.found.classList.toggle('problem', isProblem);
  }
}
