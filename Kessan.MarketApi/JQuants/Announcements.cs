using System.Collections.Frozen;
using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.JQuants;

/// <summary>Who announces results when, as far as J-Quants has said so: an answer is about the next business day. Safe for concurrent use.</summary>
internal sealed class Announcements : IEarningsCalendar
{
    private volatile FrozenDictionary<DateOnly, FrozenSet<string>> _byDay = FrozenDictionary<DateOnly, FrozenSet<string>>.Empty;

    public bool Announces(string ticker, DateOnly day) => _byDay.TryGetValue(day, out var tickers) && tickers.Contains(ticker);

    /// <summary>Takes an answer; days that it does not name stay until they are over. For one caller at a time.</summary>
    public void Take(IEnumerable<AnnouncementRow> rows, DateOnly today)
    {
        var byDay = _byDay.Where(known => known.Key >= today).ToDictionary();
        foreach (var day in rows.GroupBy(row => JQuantsDate.TryParse(row.Date, out var date) ? date : default).Where(day => day.Key >= today))
            byDay[day.Key] = day.Select(row => StockCode.TryParse(row.Code, out var code) ? code.Value : "").ToFrozenSet();
        _byDay = byDay.ToFrozenDictionary();
    }
}
