using System.Collections.Frozen;
using System.Collections.Immutable;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Telemetry;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Csv;

/// <summary>The bars of all files of a directory, read again when a file has changed. Safe for concurrent use.</summary>
internal sealed class CsvDirectory(IOptions<CsvOptions> options, ILogger<CsvDirectory> logger)
{
    /// <summary>Which files count.</summary>
    public const string Pattern = "*.csv";

    private readonly Lock _gate = new();
    private string? _state;
    private FrozenDictionary<StockCode, ImmutableArray<DailyBar>> _bars = FrozenDictionary<StockCode, ImmutableArray<DailyBar>>.Empty;

    /// <summary>All stocks and their bars, oldest first.</summary>
    /// <exception cref="SourceException">The directory cannot be read.</exception>
    public FrozenDictionary<StockCode, ImmutableArray<DailyBar>> Read()
    {
        using var activity = SourceTelemetry.Start(MarketOptions.Csv);
        try
        {
            lock (_gate)
            {
                var files = new DirectoryInfo(options.Value.Directory!).GetFiles(Pattern).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
                var state = string.Join('|', files.Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
                if (state != _state)
                    (_bars, _state) = (Read(files), state);
                return _bars;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"The CSV directory cannot be read: {failure.Message}", failure);
        }
    }

    private FrozenDictionary<StockCode, ImmutableArray<DailyBar>> Read(List<FileInfo> files)
    {
        var all = new Dictionary<StockCode, Dictionary<DateOnly, DailyBar>>();
        foreach (var file in files)
        {
            if (BarFile.Read(file.FullName) is not { } content)
            {
                logger.CsvFileUnusable(file.Name);
                continue;
            }
            if (content.BadRows > 0)
                logger.CsvRowsSkipped(file.Name, content.BadRows, content.FirstBadRow);
            // Files may overlap; the one whose name comes last counts.
            foreach (var (code, bar) in content.Bars)
            {
                if (!all.TryGetValue(code, out var days))
                    all[code] = days = [];
                days[bar.Date] = bar;
            }
        }
        return all.ToFrozenDictionary(stock => stock.Key, stock => stock.Value.Values.OrderBy(bar => bar.Date).ToImmutableArray());
    }
}
