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
    [property: JsonPropertyName("AdjFactor")] decimal? AdjustmentFactor,
    [property: JsonPropertyName("AdjO")] decimal? AdjustedOpen,
    [property: JsonPropertyName("AdjH")] decimal? AdjustedHigh,
    [property: JsonPropertyName("AdjL")] decimal? AdjustedLow,
    [property: JsonPropertyName("AdjC")] decimal? AdjustedClose,
    [property: JsonPropertyName("AdjVo")] decimal? AdjustedVolume)
{
    /// <summary>The bar as it was traded; <see langword="null"/> for a day without a trade or a row that makes no sense.</summary>
    public DailyBar? ToBar() => ToBar(Open, High, Low, Close, Volume);

    /// <summary>The bar in today's shares: as if all splits and consolidations since had been before it.</summary>
    public DailyBar? ToAdjustedBar() => AdjustedClose is null
        ? ToBar()
        : ToBar(AdjustedOpen, AdjustedHigh, AdjustedLow, AdjustedClose, AdjustedVolume);

    private DailyBar? ToBar(decimal? openOrNone, decimal? highOrNone, decimal? lowOrNone, decimal? closeOrNone, decimal? volume) =>
        JQuantsDate.TryParse(Date, out var date)
        && openOrNone is { } open && highOrNone is { } high && lowOrNone is { } low and > 0 && closeOrNone is { } close
            ? new DailyBar(date, open, high, low, close, (long)(volume ?? 0))
            : null;

    /// <summary>The stock.</summary>
    public bool TryGetCode(out StockCode code) => StockCode.TryParse(Code, out code);
}
