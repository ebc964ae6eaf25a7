// Puts the parts of the page together.

import { get, onAnswer } from './api.js';
import { Board } from './board.js';
import { change, element, formatYen } from './format.js';
import { Statistics } from './statistics.js';
import { StockView } from './stock.js';

const RefreshEvery = 10_000;
const IndicesEvery = 3; // refreshes; all in all an open page stays well under an anonymous caller's day
const SearchDelay = 200;

const statistics = new Statistics();
onAnswer(answer => statistics.add(answer));

const stockView = new StockView((price, origin) => board.show(price, origin));
const board = new Board(stock => stockView.choose(stock));
const search = document.getElementById('search');
const live = document.getElementById('live');

async function showIndices() {
  try {
    const { body } = await get('markets');
    document.getElementById('indices').replaceChildren(...body.map(index => {
      const item = document.createElement('div');
      const value = element('dd', '', `${formatYen(index.value)} `);
      value.append(change(index.value, index.previous_close));
      item.append(element('dt', '', index.name), value);
      return item;
    }));
  } catch {
    // The old values stay.
  }
}

let waiting;
search.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => board.search(search.value), SearchDelay);
});

document.getElementById('search-form').addEventListener('submit', async event => {
  event.preventDefault();
  clearTimeout(waiting);
  await board.search(search.value);
  board.chooseFirst();
});

document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || document.activeElement === search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

let refreshes = 0;
setInterval(async () => {
  if (!live.checked || document.hidden) return;
  if (++refreshes % IndicesEvery === 0) await showIndices();
  await board.update();
  await stockView.update();
}, RefreshEvery);

await Promise.all([showIndices(), board.search('')]);
board.chooseFirst();
document.documentElement.dataset.ready = 'true';
