using System.Text;
using CsvHelper;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.Csv;

/// <summary>Reads one file of daily bars.</summary>
internal static class BarFile
{
    private const int ShiftJis = 932;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a file holds.</summary>
    /// <param name="Bars">The bars with their stocks, in the file's order.</param>
    /// <param name="BadRows">How many rows made no sense.</param>
    /// <param name="FirstBadRow">The line of the first of them.</param>
    internal sealed record Content(IReadOnlyList<(StockCode Code, DailyBar Bar)> Bars, int BadRows, int FirstBadRow);

    /// <summary>Reads a file; <see langword="null"/> if it has not the columns or nothing says which stock it is about.</summary>
    public static Content? Read(string path)
    {
        // Rows that break the quoting rules come as they are and are counted with the others that make no sense.
        using var csv = CsvReader.FromText(ReadText(path), new CsvReaderOptions { TrackLineNumbers = true });
        if (BarColumns.Find(csv.Headers) is not { } columns)
            return null;
        var fileIsOfOneStock = TryReadCode(Path.GetFileName(path), out var code);
        if (!fileIsOfOneStock && !columns.HaveCode)
            return null;

        var bars = new List<(StockCode, DailyBar)>();
        var (bad, firstBad) = (0, 0);
        while (csv.Read())
        {
            if ((columns.HaveCode && !columns.TryReadCode(csv, out code)) || !columns.TryReadBar(csv, out var bar))
            {
                bad++;
                firstBad = firstBad == 0 ? (int)csv.LineNumber : firstBad;
            }
            else if (bar is not null)
            {
                bars.Add((code, bar));
            }
        }
        return new Content(bars, bad, firstBad);
    }

    // Japanese programs write UTF-8 or Shift JIS and say nowhere which; text in Shift JIS is hardly ever valid UTF-8.
    private static string ReadText(string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            return StrictUtf8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(ShiftJis)!.GetString(bytes);
        }
    }

    // "7203.csv", "7203.T.csv", "130A_2024.csv"
    private static bool TryReadCode(string fileName, out StockCode code) => StockCode.TryParse(fileName.Split('.', '_', '-', ' ')[0], out code);
}
