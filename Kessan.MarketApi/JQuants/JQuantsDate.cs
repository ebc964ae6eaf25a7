using System.Globalization;

namespace Kessan.MarketApi.JQuants;

/// <summary>Dates as J-Quants writes them.</summary>
internal static class JQuantsDate
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyyMMdd"];

    public static string Format(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
