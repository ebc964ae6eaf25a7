using System.Globalization;
using CsvHelper;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.Csv;

/// <summary>Where the parts of a daily bar stand in a file, by the names that providers give their columns.</summary>
internal sealed class BarColumns
{
    // Where a file has several of the names, the first one here counts.
    private static readonly string[] DateNames = ["date", "日付", "日付け", "日時"];
    private static readonly string[] OpenNames = ["open", "o", "始値"];
    private static readonly string[] HighNames = ["high", "h", "高値"];
    private static readonly string[] LowNames = ["low", "l", "安値"];
    private static readonly string[] CloseNames = ["close", "c", "終値", "price"];
    private static readonly string[] VolumeNames = ["volume", "vol", "vol.", "vo", "出来高"];
    private static readonly string[] CodeNames = ["code", "ticker", "symbol", "コード", "銘柄コード"];
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyyMMdd", "yyyy/M/d", "yyyy-M-d", "yyyy年M月d日", "M/d/yyyy", "MMM d, yyyy"];

    // What yfinance calls the column of the dates, over a second header with the ticker and a third with "Date".
    private const string DateUnderPrice = "price";
    private const string SecondHeader = "ticker";

    private readonly int _date, _open, _high, _low, _close, _volume, _code;

    private BarColumns(IReadOnlyList<string> header)
    {
        var names = header.Select(column => column.Trim().ToLowerInvariant()).ToList();
        _open = Find(OpenNames);
        _high = Find(HighNames);
        _low = Find(LowNames);
        _close = Find(CloseNames);
        _volume = Find(VolumeNames);
        _code = Find(CodeNames);
        _date = Find(DateNames);
        if (_date < 0 && _close > 0 && names[0] == DateUnderPrice)
            _date = 0;

        int Find(string[] known) => known.Select(name => names.IndexOf(name)).FirstOrDefault(index => index >= 0, -1);
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

    /// <summary>Whether a row belongs to the header, and the stock if it names one.</summary>
    public bool IsHeader(CsvReader row, ref StockCode code)
    {
        var first = row.GetString(_date).Trim().ToLowerInvariant();
        if (first == SecondHeader && StockCode.TryParse(row.GetString(_close), out var named))
            code = named;
        return first == SecondHeader || DateNames.Contains(first);
    }

    /// <summary>The bar of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="bar">The bar; <see langword="null"/> for a day without a trade, whose prices are empty.</param>
    /// <returns>Whether the row makes sense.</returns>
    public bool TryReadBar(CsvReader row, out DailyBar? bar)
    {
        bar = null;
        if (!DateOnly.TryParseExact(Day(row.GetString(_date).Trim()), DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return false;
        if (IsEmpty(row.GetString(_close)))
            return true;
        if (!TryNumber(row.GetString(_open), out var open) || !TryNumber(row.GetString(_high), out var high)
            || !TryNumber(row.GetString(_low), out var low) || !TryNumber(row.GetString(_close), out var close))
            return false;
        if (low <= 0 || low > Math.Min(open, close) || high < Math.Max(open, close))
            return false;

        var volume = _volume >= 0 && TryVolume(row.GetString(_volume).Trim(), out var shares) && shares is >= 0 and <= long.MaxValue ? (long)shares : 0;
        bar = new DailyBar(date, open, high, low, close, volume);
        return true;
    }

    // "2025-06-10 00:00:00+09:00": the day is the exchange's.
    private static string Day(string text) => text.Length > 10 && text[4] == '-' && text[10] is ' ' or 'T' ? text[..10] : text;

    // "1,234,500" or "1.23M"
    private static bool TryVolume(string field, out decimal shares)
    {
        var unit = field.Length == 0 ? 1 : char.ToUpperInvariant(field[^1]) switch { 'K' => 1_000, 'M' => 1_000_000, 'B' => 1_000_000_000, _ => 1m };
        var isNumber = TryNumber(unit == 1 ? field : field[..^1], out shares) && shares <= long.MaxValue / unit;
        shares = isNumber ? shares * unit : 0;
        return isNumber;
    }

    private static bool IsEmpty(string field) => field.Trim() is "" or "-" or "null" or "NaN";

    private static bool TryNumber(string field, out decimal number) =>
        decimal.TryParse(field, NumberStyles.Number, CultureInfo.InvariantCulture, out number);
}
