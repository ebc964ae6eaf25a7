using System.Globalization;
using System.Text.Json;

namespace Kessan.Caching.Calendar;

/// <summary>Reads days on which the rules are wrong from a saved answer of J-Quants' <c>/markets/calendar</c>.</summary>
internal static class MarketCalendarFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is not of that form; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    internal static Dictionary<DateOnly, bool> Read(string path) => Parse(File.ReadAllBytes(path));

    internal static Dictionary<DateOnly, bool> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data", out var rows) || rows.ValueKind != JsonValueKind.Array)
                throw new FormatException("there is no array \"data\"");

            var days = new Dictionary<DateOnly, bool>();
            foreach (var row in rows.EnumerateArray()) days[Day(row, days.Count)] = Trades(row, days.Count);
            return days;
        }
        catch (JsonException exception)
        {
            throw new FormatException($"it is not JSON: {exception.Message}", exception);
        }
    }

    private static DateOnly Day(JsonElement row, int index)
        => DateOnly.TryParseExact(Text(row, "Date"), ["yyyy-MM-dd", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new FormatException($"data[{index}].Date is no date of the form 2027-02-12");

    private static bool Trades(JsonElement row, int index) => Text(row, "HolDiv") switch
    {
        "0" or "3" => false,
        "1" or "2" => true,
        _ => throw new FormatException($"data[{index}].HolDiv is not 0, 1, 2 or 3"),
    };

    // J-Quants gives numbers as numbers or as strings.
    private static string? Text(JsonElement row, string name)
        => row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out var value) ? null
            : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
}
