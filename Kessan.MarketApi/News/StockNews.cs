using System.Collections.Immutable;
using System.ComponentModel;

namespace Kessan.MarketApi.News;

/// <summary>The news about a stock, latest first. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record StockNews(string Ticker, string Category, ImmutableArray<NewsItem> Items);
