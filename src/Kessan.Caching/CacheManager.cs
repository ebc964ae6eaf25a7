using Kessan.Caching.Keys;
using Kessan.Caching.Sessions;
using Kessan.Caching.Statistics;

namespace Kessan.Caching;

/// <summary>
/// The cache by business entity: what is put and got is named by stock, index or user, and its key and lifetime follow from that.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A read that finds nothing gives <see langword="null"/>, for whatever reason; a write says whether it
/// is in the cache for all nodes. Nothing throws because a layer is away.
/// </remarks>
public sealed partial class CacheManager
{
    private readonly KessanHybridCache _cache;
    private readonly CacheEntries _entries;
    private readonly SessionKeeper _sessions;

    internal CacheManager(KessanHybridCache cache, CacheEntries entries, CacheKeyBuilder keys, SessionKeeper sessions)
    {
        _cache = cache;
        _entries = entries;
        _sessions = sessions;
        Keys = keys;
    }

    /// <summary>Writes the keys of all data types.</summary>
    public CacheKeyBuilder Keys { get; }

    /// <summary>The latest price of a stock.</summary>
    public ValueTask<T?> GetStockPriceAsync<T>(string ticker, CancellationToken cancellationToken = default)
        where T : class
        => GetAsync<T>(Keys.StockPrice(ticker), cancellationToken);

    /// <summary>The price of a stock on one day.</summary>
    public ValueTask<T?> GetStockPriceAsync<T>(string ticker, DateOnly date, CancellationToken cancellationToken = default)
        where T : class
        => GetAsync<T>(Keys.StockPrice(ticker, date), cancellationToken);

    /// <summary>Keeps the latest price of a stock.</summary>
    /// <returns>Whether all nodes can see it; <see langword="false"/>: the store is away and this node alone has it.</returns>
    public ValueTask<bool> SetStockPriceAsync<T>(string ticker, T price, CancellationToken cancellationToken = default)
        where T : class
        => SetAsync(Keys.StockPrice(ticker), price, cancellationToken);

    /// <summary>Keeps the price of a stock on one day.</summary>
    /// <returns>Whether all nodes can see it; <see langword="false"/>: the store is away and this node alone has it.</returns>
    public ValueTask<bool> SetStockPriceAsync<T>(string ticker, DateOnly date, T price, CancellationToken cancellationToken = default)
        where T : class
        => SetAsync(Keys.StockPrice(ticker, date), price, cancellationToken);

    /// <summary>The latest prices of many stocks, in one round trip.</summary>
    /// <returns>The prices that there are, by ticker.</returns>
    public async ValueTask<IReadOnlyDictionary<string, T>> GetStockPricesAsync<T>(IEnumerable<string> tickers, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(tickers);
        var byKey = tickers.Distinct(StringComparer.Ordinal).ToDictionary(ticker => Keys.StockPrice(ticker), StringComparer.Ordinal);
        var found = await _cache.TryGetManyAsync<T>(byKey.Keys, cancellationToken).ConfigureAwait(false);
        return found.Where(pair => pair.Value is { Found: true, Value: not null })
            .ToDictionary(pair => byKey[pair.Key], pair => pair.Value.Value!, StringComparer.Ordinal);
    }

    /// <summary>Keeps the latest prices of many stocks, in one round trip.</summary>
    /// <returns>How many of them all nodes can see.</returns>
    public async ValueTask<int> SetStockPricesAsync<T>(IEnumerable<KeyValuePair<string, T>> pricesByTicker, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(pricesByTicker);
        var entries = pricesByTicker.Select(price => KeyValuePair.Create(Keys.StockPrice(price.Key), price.Value));
        var outcomes = await _cache.SetManyAsync(entries, cancellationToken: cancellationToken).ConfigureAwait(false);
        return outcomes.Values.Count(outcome => outcome.Status == EntryWriteStatus.Stored);
    }

    /// <summary>Financial statements of a stock: a kind (<c>quarterly</c>) and a period (<c>Q3</c>).</summary>
    public ValueTask<T?> GetFinancialDataAsync<T>(string ticker, string kind, string period, CancellationToken cancellationToken = default)
        where T : class
        => GetAsync<T>(Keys.FinancialData(ticker, kind, period), cancellationToken);

    /// <summary>Keeps financial statements of a stock.</summary>
    /// <returns>Whether all nodes can see it; <see langword="false"/>: the store is away and this node alone has it.</returns>
    public ValueTask<bool> SetFinancialDataAsync<T>(string ticker, string kind, string period, T data, CancellationToken cancellationToken = default)
        where T : class
        => SetAsync(Keys.FinancialData(ticker, kind, period), data, cancellationToken);

    /// <summary>News about a stock, of one category.</summary>
    public ValueTask<T?> GetNewsAsync<T>(string ticker, string category, CancellationToken cancellationToken = default)
        where T : class
        => GetAsync<T>(Keys.NewsData(ticker, category), cancellationToken);

    /// <summary>Keeps news about a stock.</summary>
    /// <returns>Whether all nodes can see it; <see langword="false"/>: the store is away and this node alone has it.</returns>
    public ValueTask<bool> SetNewsAsync<T>(string ticker, string category, T news, CancellationToken cancellationToken = default)
        where T : class
        => SetAsync(Keys.NewsData(ticker, category), news, cancellationToken);

    /// <summary>An analysis of a stock, of one kind.</summary>
    public ValueTask<T?> GetAnalysisAsync<T>(string ticker, string kind, CancellationToken cancellationToken = default)
        where T : class
        => GetAsync<T>(Keys.AiAnalysis(ticker, kind), cancellationToken);

    /// <summary>Keeps an analysis of a stock.</summary>
    /// <returns>Whether all nodes can see it; <see langword="false"/>: the store is away and this node alone has it.</returns>
    public ValueTask<bool> SetAnalysisAsync<T>(string ticker, string kind, T analysis, CancellationToken cancellationToken = default)
        where T : class
        => SetAsync(Keys.AiAnalysis(ticker, kind), analysis, cancellationToken);

    /// <summary>A market index.</summary>
    public ValueTask<T?> GetMarketDataAsync<T>(string index, CancellationToken cancellationToken = default)
        where T : class
        => GetAsync<T>(Keys.MarketData(index), cancellationToken);

    /// <summary>Keeps a market index.</summary>
    /// <returns>Whether all nodes can see it; <see langword="false"/>: the store is away and this node alone has it.</returns>
    public ValueTask<bool> SetMarketDataAsync<T>(string index, T data, CancellationToken cancellationToken = default)
        where T : class
        => SetAsync(Keys.MarketData(index), data, cancellationToken);

    /// <summary>A user's session; reading prolongs it. <see cref="CacheService.GetSessionAsync"/> also tells its version and whether the store is away.</summary>
    public async ValueTask<T?> GetSessionAsync<T>(string user, CancellationToken cancellationToken = default)
        where T : class
        => (await _sessions.ReadAsync<T>(user, cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>Keeps a user's session, whatever was there before.</summary>
    /// <returns>Whether it is in the store: without one there are no sessions.</returns>
    public async ValueTask<bool> SetSessionAsync<T>(string user, T session, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await _sessions.WriteAsync(user, session, null, cancellationToken).ConfigureAwait(false)).Status == SessionWriteStatus.Stored;
    }

    /// <summary>Removes all entries about a stock, on all nodes, however they were put.</summary>
    /// <returns>How many of them there were; <see langword="null"/>: the store is away, and the removal follows when it is back.</returns>
    public async ValueTask<long?> InvalidateStockAsync(string ticker, CancellationToken cancellationToken = default)
    {
        var tag = CacheKeys.StockTag(ticker);
        var held = _entries.Store is null ? _cache.Node.Local.Entries.LongCount(entry => CacheKeys.TagOf(entry.Key) == tag) : 0;
        var counted = await _entries.RemoveTagsAsync([tag], cancellationToken).ConfigureAwait(false);
        return _entries.Store is null ? held : counted;
    }

    /// <summary>How the cache is: its first layer, its store and its backplane, as this node sees them. Asks nobody.</summary>
    public CacheHealth GetHealth() => CacheHealth.Of(_cache, _entries);

    private async ValueTask<T?> GetAsync<T>(string key, CancellationToken cancellationToken)
        where T : class
        => (await _cache.TryGetAsync<T>(key, cancellationToken).ConfigureAwait(false)).Value;

    private async ValueTask<bool> SetAsync<T>(string key, T value, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        var outcome = await _cache.SetAsync(key, value, (CacheEntryOptions?)null, cancellationToken: cancellationToken).ConfigureAwait(false);
        return outcome.Status == EntryWriteStatus.Stored;
    }
}
