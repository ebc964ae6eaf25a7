using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.JQuants;

/// <summary>The statements of a stock; one question for all periods, however many of them are asked for.</summary>
internal interface IStatementSheets
{
    /// <summary>All statements of a stock.</summary>
    [CacheResult(CacheDataType.FinancialData, Key = "{code}:jquants:all")]
    ValueTask<CacheLookup<StatementSheet>> GetAsync(StockCode code, CancellationToken cancellationToken);
}
