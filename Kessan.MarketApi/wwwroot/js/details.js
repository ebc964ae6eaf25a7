// What is known of a stock beside its price: computed figures, and news.

import { get } from './api.js';
import { element, figure, formatNumber, showOrigin, showProblem } from './format.js';

const NewsShown = 5;
const Names = { sma: 'SMA', ema: 'EMA', rsi: 'RSI', volatility: 'Volatility', momentum: 'Momentum' };
const byId = id => document.getElementById(id);

export class Details {
  async choose(stock) {
    this.stock = stock;
    byId('analysis-text').hidden = true;
    await Promise.all([
      this.ask(stock, `stocks/${stock.ticker}/analysis/short_term`, 'analysis', body => this.showAnalysis(body)),
      this.ask(stock, `stocks/${stock.ticker}/news`, 'news', body => this.showNews(body)),
    ]);
  }

  async ask(stock, path, name, show) {
    byId(name).replaceChildren();
    byId(`${name}-origin`).textContent = 'Asking…';
    try {
      const answer = await get(path);
      if (stock !== this.stock) return;
      showOrigin(byId(`${name}-origin`), answer);
      show(answer.body);
    } catch (problem) {
      if (stock === this.stock) showProblem(byId(`${name}-origin`), problem);
    }
  }

  showAnalysis(analysis) {
    const text = byId('analysis-text');
    text.hidden = false;
    text.replaceChildren(element('strong', '', `${analysis.outlook[0].toUpperCase()}${analysis.outlook.slice(1)}.`), ` ${analysis.summary}`);
    if (analysis.commentary) text.append(element('span', 'commentary', analysis.commentary), element('span', 'note', `— ${analysis.model}`));
    byId('analysis').replaceChildren(...analysis.indicators.map(({ name, window, value, unit, method }) => figure(
      `${Names[name] ?? name} ${window}`, formatNumber(value) + (unit === 'percent' ? ' %' : ''), method)));
  }

  showNews({ items }) {
    byId('news').replaceChildren(...items.slice(0, NewsShown).map(item => {
      const made = element('li');
      const title = element(item.link ? 'a' : 'span', '', item.title);
      if (item.link) {
        title.href = item.link; // the API lets only http and https through
        title.rel = 'noreferrer';
      }
      made.append(title, element('small', 'note', `${item.published_at.slice(0, 10)} · ${item.category} · ${item.publisher}`));
      return made;
    }));
    if (items.length === 0) byId('news').append(element('li', 'note', 'None.'));
  }
}
