using System.Globalization;
using CsvHelper;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.Csv;

/// <summary>Where the parts of a daily bar stand in a file, by the names that providers give their columns.</summary>
internal sealed class BarColumns
{
    private static readonly string[] DateNames = ["date", "日付", "日時"];
    private static readonly string[] OpenNames = ["open", "o", "始値"];
    private static readonly string[] HighNames = ["high", "h", "高値"];
    private static readonly string[] LowNames = ["low", "l", "安値"];
    private static readonly string[] CloseNames = ["close", "c", "終値"];
    private static readonly string[] VolumeNames = ["volume", "vol", "vo", "出来高"];
    private static readonly string[] CodeNames = ["code", "ticker", "symbol", "コード", "銘柄コード"];
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyyMMdd", "yyyy/M/d", "yyyy-M-d", "yyyy年M月d日"];

    private readonly int _date, _open, _high, _low, _close, _volume, _code;

    private BarColumns(IReadOnlyList<string> header)
    {
        _date = Find(DateNames);
        _open = Find(OpenNames);
        _high = Find(HighNames);
        _low = Find(LowNames);
        _close = Find(CloseNames);
        _volume = Find(VolumeNames);
        _code = Find(CodeNames);

        int Find(string[] names) => header.ToList().FindIndex(column => names.Contains(column.Trim().ToLowerInvariant()));
    }

    /// <summary>Whether each row says which stock it is about.</summary>
    public bool HaveCode => _code >= 0;

    /// <summary>The columns of a header; <see langword="null"/> if date or prices are missing.</summary>
    public static BarColumns? Find(IReadOnlyList<string> header)
    {
        var columns = new BarColumns(header);
        return columns is { _date: >= 0, _open: >= 0, _high: >= 0, _low: >= 0, _close: >= 0 } ? columns : null;
    }

    /// <summary>The stock of a row.</summary>
    public bool TryReadCode(CsvReader row, out StockCode code) => StockCode.TryParse(row.GetString(_code), out code);

    /// <summary>The bar of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="bar">The bar; <see langword="null"/> for a day without a trade, whose prices are empty.</param>
    /// <returns>Whether the row makes sense.</returns>
    public bool TryReadBar(CsvReader row, out DailyBar? bar)
    {
        bar = null;
        if (!DateOnly.TryParseExact(row.GetString(_date).Trim(), DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return false;
        if (IsEmpty(row.GetString(_close)))
            return true;
        if (!TryNumber(row.GetString(_open), out var open) || !TryNumber(row.GetString(_high), out var high)
            || !TryNumber(row.GetString(_low), out var low) || !TryNumber(row.GetString(_close), out var close))
            return false;
        if (low <= 0 || low > Math.Min(open, close) || high < Math.Max(open, close))
            return false;

        var volume = _volume >= 0 && TryNumber(row.GetString(_volume), out var shares) && shares is >= 0 and <= long.MaxValue ? (long)shares : 0;
        bar = new DailyBar(date, open, high, low, close, volume);
        return true;
    }

    private static bool IsEmpty(string field) => field.Trim() is "" or "-" or "null" or "NaN";

    private static bool TryNumber(string field, out decimal number) =>
        decimal.TryParse(field, NumberStyles.Number, CultureInfo.InvariantCulture, out number);
}
