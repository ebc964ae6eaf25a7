using Kessan.Caching;
using Kessan.Caching.Keys;

namespace Kessan.MarketApi.JQuants;

/// <summary>The statements of a stock; one question for all periods, however many of them are asked for.</summary>
internal interface IStatementSheets
{
    /// <summary>All statements of a stock.</summary>
    [CacheResult(CacheDataType.FinancialData, Key = "{ticker}:jquants:all")]
    ValueTask<StatementSheet> GetAsync(string ticker, CancellationToken cancellationToken);
}
