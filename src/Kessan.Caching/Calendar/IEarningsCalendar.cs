namespace Kessan.Caching.Calendar;

/// <summary>
/// Knows which companies publish results on which day; register one, and the market calendar asks for their statements more often then.
/// </summary>
/// <remarks>Asked on the way of a fill: answers from memory, at once, from any thread, and knows of no announcement rather than throw.</remarks>
public interface IEarningsCalendar
{
    /// <summary>Whether a company publishes results on a day.</summary>
    /// <param name="ticker">The stock, as it stands in keys.</param>
    /// <param name="day">The date in Tokyo.</param>
    bool Announces(string ticker, DateOnly day);
}
