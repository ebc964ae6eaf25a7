using System.Collections.Immutable;
using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.Csv;

/// <summary>Prices from files: the latest one of a stock is the close of its last day.</summary>
internal sealed class CsvPriceSource(CsvDirectory directory) : IPriceSource
{
    public ValueTask<StockPrice?> GetPriceAsync(StockCode code, DateOnly? date, CacheFillContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(directory.Read().TryGetValue(code, out var bars) ? Find(code, bars, date) : null);

    public ValueTask<IReadOnlyDictionary<StockCode, StockPrice>> GetLatestAsync(
        IReadOnlyCollection<StockCode> codes, CacheFillContext context, CancellationToken cancellationToken)
    {
        var all = directory.Read();
        var prices = new Dictionary<StockCode, StockPrice>();
        foreach (var code in codes)
        {
            if (all.TryGetValue(code, out var bars) && Find(code, bars, null) is { } price)
                prices[code] = price;
        }
        return ValueTask.FromResult<IReadOnlyDictionary<StockCode, StockPrice>>(prices);
    }

    public ValueTask<PriceHistory?> GetHistoryAsync(StockCode code, DateOnly from, DateOnly to, CacheFillContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(directory.Read().TryGetValue(code, out var bars)
            ? new PriceHistory(code.Value, from, to, [.. bars.Where(bar => bar.Date >= from && bar.Date <= to)])
            : null);

    private static StockPrice? Find(StockCode code, ImmutableArray<DailyBar> bars, DateOnly? date)
    {
        var index = date is null ? bars.Length - 1 : bars.ToList().FindIndex(bar => bar.Date == date);
        return index < 0 ? null : bars[index].ToFinalPrice(code, index > 0 ? bars[index - 1].Close : null);
    }
}
