using Kessan.Caching.Calendar;

namespace Kessan.MarketApi.Financials;

/// <summary>No announcements: for sources that know of none.</summary>
internal sealed class NoEarningsCalendar : IEarningsCalendar
{
    public bool Announces(string ticker, DateOnly day) => false;
}
