namespace Kessan.MarketApi.Csv;

/// <summary>Daily bars in files, at <c>Market:Csv</c>; read only if <c>Market:Source</c> is <c>csv</c>.</summary>
internal sealed class CsvOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Market:Csv";

    /// <summary>
    /// The directory. Its <c>*.csv</c> files are named after a stock (<c>7203.csv</c>, <c>7203.T.csv</c>, <c>130A_2024.csv</c>) or have
    /// a column with the code; a change to them is seen at the next question to the source.
    /// </summary>
    public string? Directory { get; set; }
}
