using System.Text.Json.Serialization;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.JQuants;

/// <summary>A row of <c>/equities/bars/daily</c> and of <c>/indices/bars/daily</c>; days without a trade have nulls.</summary>
internal sealed record QuoteRow(
    [property: JsonPropertyName("Date")] string? Date,
    [property: JsonPropertyName("Code")] string? Code,
    [property: JsonPropertyName("O")] decimal? Open,
    [property: JsonPropertyName("H")] decimal? High,
    [property: JsonPropertyName("L")] decimal? Low,
    [property: JsonPropertyName("C")] decimal? Close,
    [property: JsonPropertyName("Vo")] decimal? Volume,
    [property: JsonPropertyName("AdjFactor")] decimal? AdjustmentFactor)
{
    /// <summary>The bar; <see langword="null"/> for a day without a trade or a row that makes no sense.</summary>
    public DailyBar? ToBar() =>
        JQuantsDate.TryParse(Date, out var date) && Open is { } open && High is { } high && Low is { } low and > 0 && Close is { } close
            ? new DailyBar(date, open, high, low, close, (long)(Volume ?? 0))
            : null;

    /// <summary>The stock.</summary>
    public bool TryGetCode(out StockCode code) => StockCode.TryParse(Code, out code);
}
