// Puts the parts of the page together.

import { get, onAnswer } from './api.js';
import { Board } from './board.js';
import { change, element, formatNumber } from './format.js';
import { Statistics } from './statistics.js';
import { StockView } from './stock.js';

const RefreshEvery = 10_000;
const IndicesEvery = 3; // refreshes; in all some 11,500 requests a day, well under an anonymous caller's 20,000
const SearchDelay = 200;
const Usual = '7203'; // shown if the address names no stock

const byId = id => document.getElementById(id);
const search = byId('search');
const live = byId('live');
const narrow = matchMedia('(max-width: 44rem)');
let silentUntil = 0;

const announce = text => (byId('announcement').textContent = text);
const statistics = new Statistics();
onAnswer(answer => statistics.add(answer));
onAnswer(showState);

const stockView = new StockView({ onPrice: (price, origin) => board.show(price, origin), announce });
const board = new Board({
  onChoose: stock => {
    history.replaceState(null, '', `?stock=${stock.ticker}`);
    stockView.choose(stock);
    if (narrow.matches && document.documentElement.dataset.ready) byId('stock').scrollIntoView();
  },
  onPrice: (price, origin) => stockView.show(price, origin),
});

// What the visitor should know beyond one answer: the API is away, it refuses, or how much is left of the day's requests.
function showState({ problem, remaining }) {
  const trouble = byId('trouble');
  if (problem && (problem.status === 0 || problem.status === 429)) {
    silentUntil = Date.now() + problem.retryAfter * 1000;
    const again = problem.retryAfter > 10 ? `Trying again in ${Math.ceil(problem.retryAfter / 60)} min.` : 'Trying again every 10 seconds.';
    const text = `${problem.message} What is shown stays as it was. ${live.checked ? again : ''}`;
    if (trouble.textContent !== text) trouble.textContent = text;
    trouble.hidden = false;
  } else if (!problem) {
    trouble.hidden = true;
  }
  if (remaining >= 0) byId('quota').textContent = ` ${formatNumber(remaining)} requests left today from this address.`;
}

async function showIndices() {
  const { body } = await get('markets');
  byId('data-note').textContent = body.some(index => index.name.includes('synthetic')) ? 'All prices here are synthetic.' : '';
  byId('indices').replaceChildren(...body.map(index => {
    const item = element('div');
    const value = element('dd', '', `${formatNumber(index.value)} `);
    value.append(change(index.value, index.previous_close));
    item.append(element('dt', '', index.name), value);
    return item;
  }));
}

// Not a look-up, and charged to nobody: whether the second layer answers.
async function showHealth() {
  const health = byId('health');
  const text = await fetch('health').then(response => response.text(), () => '');
  health.hidden = text !== 'Degraded';
  health.textContent = text === 'Degraded' ? 'The cache service is away or silent: answers come from memory and from the source.' : '';
}

let waiting;
search.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(async () => announce((await board.search(search.value)) ?? ''), SearchDelay);
});

search.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown') {
    event.preventDefault();
    board.focusFirst();
  } else if (event.key === 'Escape' && search.value !== '') {
    search.value = '';
    search.dispatchEvent(new Event('input'));
  }
});

byId('search-form').addEventListener('submit', async event => {
  event.preventDefault();
  clearTimeout(waiting);
  if ((await board.search(search.value)) !== null) board.chooseFirst();
});

document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input[type=search]')) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// Each part shows its own failure; the others go on.
const settle = parts => Promise.allSettled(parts);

let next;
let refreshes = 0;
async function refresh() {
  clearTimeout(next);
  if (live.checked && !document.hidden && Date.now() >= silentUntil) {
    await settle([board.update(stockView.ticker), ++refreshes % IndicesEvery === 0 ? showIndices() : null, showHealth()]);
  }
  clearTimeout(next);
  next = setTimeout(refresh, RefreshEvery);
}

// Nobody asks for a page that nobody sees; whoever comes back sees what is new at once.
document.addEventListener('visibilitychange', () => document.hidden || refresh());
live.addEventListener('change', refresh);

// A market has more stocks than a board.
async function find(code) {
  const isOnBoard = () => board.rowOf(CSS.escape(code));
  if (isOnBoard()) return isOnBoard();
  for (const query of [code, '']) {
    search.value = query;
    await settle([board.search(query)]);
    if (board.table.rows.length > 0) break;
  }
  return isOnBoard() ?? board.table.rows[0];
}

async function start() {
  await settle([showIndices(), showHealth(), board.search('')]);
  const wanted = new URLSearchParams(location.search).get('stock');
  board.choose(await find(wanted || Usual));
  document.documentElement.dataset.ready = 'true';
  next = setTimeout(refresh, RefreshEvery);
}

start();
