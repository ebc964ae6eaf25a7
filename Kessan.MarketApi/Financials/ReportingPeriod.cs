namespace Kessan.MarketApi.Financials;

/// <summary>Which statement is asked for: <c>quarterly</c> with <c>Q1</c> to <c>Q4</c>, or <c>annual</c> with <c>FY</c>. Immutable.</summary>
internal readonly record struct ReportingPeriod
{
    private ReportingPeriod(string kind, string period, int quarter) => (Kind, Period, Quarter) = (kind, period, quarter);

    /// <summary><c>quarterly</c> or <c>annual</c>.</summary>
    public string Kind { get; }

    /// <summary><c>Q1</c> to <c>Q4</c>, or <c>FY</c>.</summary>
    public string Period { get; }

    /// <summary>How many quarters of the fiscal year the figures cover.</summary>
    public int Quarter { get; }

    /// <summary>Reads a kind and a period, in any case.</summary>
    public static bool TryParse(string kind, string period, out ReportingPeriod result)
    {
        result = (kind.ToUpperInvariant(), period.ToUpperInvariant()) switch
        {
            ("QUARTERLY", "Q1") => new("quarterly", "Q1", 1),
            ("QUARTERLY", "Q2") => new("quarterly", "Q2", 2),
            ("QUARTERLY", "Q3") => new("quarterly", "Q3", 3),
            ("QUARTERLY", "Q4") => new("quarterly", "Q4", 4),
            ("ANNUAL", "FY") => new("annual", "FY", 4),
            _ => default,
        };
        return result.Kind is not null;
    }
}
