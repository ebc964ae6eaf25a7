using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kessan.MarketApi.JQuants;

/// <summary>The quotes of all stocks on one day, which J-Quants gives at once. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record DaySheet(DateOnly Date, ImmutableArray<DaySheetRow> Rows)
{
    private FrozenDictionary<string, DaySheetRow>? _byTicker;

    /// <summary>Whether J-Quants has published nothing for the day.</summary>
    [JsonIgnore]
    public bool IsEmpty => Rows.IsDefaultOrEmpty;

    /// <summary>The row of a stock; <see langword="null"/> if it was not listed or not traded.</summary>
    public DaySheetRow? Find(string ticker)
    {
        // Two threads may both build it; each gets a good one.
        var rows = _byTicker ??= Rows.ToFrozenDictionary(row => row.Ticker);
        return rows.GetValueOrDefault(ticker);
    }
}
