using System.Text;
using CsvHelper;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.Csv;

/// <summary>Reads one file of daily bars.</summary>
internal static class BarFile
{
    private const int ShiftJis = 932;
    private const int MaximumTitleLines = 4;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; <see langword="null"/> if it has not the columns or nothing says which stock it is about.</summary>
    public static BarFileContent? Read(string path)
    {
        // Rows that break the quoting rules come as they are and are counted with the others that make no sense.
        using var csv = CsvReader.FromText(ReadText(path), new CsvReaderOptions { TrackLineNumbers = true });
        if (FindColumns(csv, out var code) is not { } columns)
            return null;
        if (TryReadCode(Path.GetFileName(path), out var named))
            code = named;

        var bars = new List<(StockCode, DailyBar)>();
        var (bad, firstBad) = (0, 0);
        while (csv.Read())
        {
            if (columns.IsHeader(csv, ref code))
                continue;
            if (!columns.HaveCode && code == default)
                return null;
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
        return new BarFileContent(bars, bad, firstBad);
    }

    // Some files say over the header what they are about: "7203 東証プライム トヨタ自動車".
    private static BarColumns? FindColumns(CsvReader csv, out StockCode code)
    {
        code = default;
        for (var line = 0; line <= MaximumTitleLines; line++)
        {
            if (BarColumns.Find(csv.Headers) is { } columns)
                return columns;
            if (csv.Headers.Count > 0 && TryReadCode(csv.Headers[0], out var titled))
                code = titled;
            if (!csv.Read())
                return null;
            csv.ReadHeader(); // the row just read
        }
        return null;
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
    private static bool TryReadCode(string name, out StockCode code) => StockCode.TryParse(name.Split('.', '_', '-', ' ')[0], out code);
}
