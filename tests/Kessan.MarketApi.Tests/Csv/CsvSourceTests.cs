using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Tests.Csv;

public sealed class CsvSourceTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kessan-csv-");

    static CsvSourceTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task GetPrice_FileNamedAfterTheStock_IsItsLastDay()
    {
        Write("7203.T.csv", "Date,Open,High,Low,Close,Adj Close,Volume\n2025-06-06,2600,2650,2590,2640,2640,1200\n2025-06-09,2640,2700.5,2630,2690,2690,3400\n");
        await using var host = await StartAsync();

        var price = await host.GetJsonAsync("/stocks/7203/price");
        var day = await host.GetJsonAsync("/stocks/7203/price?date=2025-06-06");

        Assert.Equal(2690, price.GetProperty("close").GetDecimal());
        Assert.Equal(2640, price.GetProperty("previous_close").GetDecimal());
        Assert.Equal("2025-06-09T15:30:00+09:00", price.GetProperty("as_of").GetString());
        Assert.Equal(2650, day.GetProperty("high").GetDecimal());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("shift_jis")]
    public async Task GetPrice_JapaneseColumns_AreUnderstoodInBothEncodings(string encoding)
    {
        const string Text = "コード,日付,始値,高値,安値,終値,出来高\n72030,2025/6/9,\"2,640\",\"2,700\",\"2,630\",\"2,690\",\"1,234,500\"\n130A0,20250609,640,650,630,645,100\n";
        File.WriteAllBytes(Path.Combine(_directory.FullName, "株価.csv"), Encoding.GetEncoding(encoding).GetBytes(Text));
        await using var host = await StartAsync();

        var toyota = await host.GetJsonAsync("/stocks/7203/price");
        var small = await host.GetJsonAsync("/stocks/130A/price");

        Assert.Equal((2690, 1_234_500), (toyota.GetProperty("close").GetDecimal(), toyota.GetProperty("volume").GetInt64()));
        Assert.Equal(645, small.GetProperty("close").GetDecimal());
    }

    // One file of each provider, as it comes: the names of the columns, the form of days and volumes, what stands over the header.
    [Theory]
    [InlineData("7203.T.csv", "Date,Open,High,Low,Close,Adj Close,Volume\n2025-06-06,2600,2650,2590,2640,2640,1200\n2025-06-09,2640,2700,2630,2690,2690,1234500\n")]
    [InlineData("7203.csv", "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2025-06-06 00:00:00+09:00,2600,2650,2590,2640,1200,0.0,0.0\n2025-06-09 00:00:00+09:00,2640,2700,2630,2690,1234500,0.0,0.0\n")]
    [InlineData("prices.csv", "Price,Close,High,Low,Open,Volume\nTicker,7203.T,7203.T,7203.T,7203.T,7203.T\nDate,,,,,\n2025-06-06,2640,2650,2590,2600,1200\n2025-06-09,2690,2700,2630,2640,1234500\n")]
    [InlineData("7203 Historical Data.csv", "\"Date\",\"Price\",\"Open\",\"High\",\"Low\",\"Vol.\",\"Change %\"\n\"06/09/2025\",\"2,690.0\",\"2,640.0\",\"2,700.0\",\"2,630.0\",\"1.2345M\",\"1.89%\"\n\"06/06/2025\",\"2,640.0\",\"2,600.0\",\"2,650.0\",\"2,590.0\",\"1.20K\",\"0.00%\"\n")]
    [InlineData("7203 過去データ.csv", "\"日付け\",\"終値\",\"始値\",\"高値\",\"安値\",\"出来高\",\"変化率 %\"\n\"2025-06-09\",\"2,690.0\",\"2,640.0\",\"2,700.0\",\"2,630.0\",\"1.2345M\",\"1.89%\"\n\"2025-06-06\",\"2,640.0\",\"2,600.0\",\"2,650.0\",\"2,590.0\",\"1.20K\",\"0.00%\"\n")]
    [InlineData("stocks.csv", "\"7203 東証プライム トヨタ自動車(輸送用機器)\"\n\"日付\",\"始値\",\"高値\",\"安値\",\"終値\",\"出来高\",\"終値調整\"\n\"2025-06-06\",\"2600\",\"2650\",\"2590\",\"2640\",\"1200\",\"2640\"\n\"2025-06-09\",\"2640\",\"2700\",\"2630\",\"2690\",\"1234500\",\"2690\"\n")]
    [InlineData("equities_bars_daily_202506.csv", "Date,Code,O,H,L,C,UL,LL,Vo,Va,AdjFactor,AdjO,AdjH,AdjL,AdjC,AdjVo\n2025-06-06,72030,2600,2650,2590,2640,0,0,1200,3100000,1.0,2600,2650,2590,2640,1200\n2025-06-09,72030,2640,2700,2630,2690,0,0,1234500,3300000,1.0,2640,2700,2630,2690,1234500\n")]
    public async Task GetPrice_FileOfAProvider_IsUnderstood(string name, string text)
    {
        Write(name, text);
        await using var host = await StartAsync();

        var price = await host.GetJsonAsync("/stocks/7203/price");

        Assert.Equal("2025-06-09", price.GetProperty("date").GetString());
        Assert.Equal(
            (2640m, 2700m, 2630m, 2690m, 2640m, 1_234_500L),
            (price.GetProperty("open").GetDecimal(), price.GetProperty("high").GetDecimal(), price.GetProperty("low").GetDecimal(),
            price.GetProperty("close").GetDecimal(), price.GetProperty("previous_close").GetDecimal(), price.GetProperty("volume").GetInt64()));
    }

    [Fact]
    public async Task GetHistory_RowsWithoutSenseOrTrade_AreLeftOut()
    {
        Write("7203.csv", "Date;Open;High;Low;Close\n2025-06-03;1;2;1;2\n2025-06-04;;;;\n2025-06-05;10;5;1;2\nno date;1;2;1;2\n2025-06-06;2;3;1;x\n2025-06-09;1\n2025-06-10;3;4;3;4\n");
        await using var host = await StartAsync();

        var history = await host.GetJsonAsync("/stocks/7203/history?from=2025-06-01&to=2025-06-30");

        Assert.Equal(["2025-06-03", "2025-06-10"], history.GetProperty("bars").EnumerateArray().Select(bar => bar.GetProperty("date").GetString()));
    }

    [Fact]
    public async Task GetPrice_FileChanges_IsSeenAtTheNextQuestion()
    {
        Write("7203.csv", "Date,Open,High,Low,Close\n2025-06-09,1,2,1,2\n");
        await using var host = await StartAsync();
        await host.GetJsonAsync("/stocks/7203/price");

        Write("7203.csv", "Date,Open,High,Low,Close\n2025-06-09,1,2,1,2\n2025-06-10,2,3,2,3\n");
        host.Time.Advance(TimeSpan.FromSeconds(301));
        var later = await host.GetJsonAsync("/stocks/7203/price");

        Assert.Equal("2025-06-10", later.GetProperty("date").GetString());
    }

    [Fact]
    public async Task Stocks_OfFiles_HaveNamesWhereTheyAreKnown()
    {
        Write("7203.csv", "Date,Open,High,Low,Close\n2025-06-09,1,2,1,2\n");
        Write("1301_2025.csv", "Date,Open,High,Low,Close\n2025-06-09,1,2,1,2\n");
        Write("readme.csv", "Nothing,that,counts\n1,2,3\n");
        await using var host = await StartAsync();

        var stocks = (await host.GetJsonAsync("/stocks")).GetProperty("stocks").EnumerateArray().ToList();
        using var missing = await host.Client.GetAsync("/stocks/9984/price", TestContext.Current.CancellationToken);
        using var statement = await host.Client.GetAsync("/stocks/7203/financials/annual/FY", TestContext.Current.CancellationToken);
        var markets = await host.GetJsonAsync("/markets");

        Assert.Equal(["1301", "Toyota Motor"], stocks.Select(stock => stock.GetProperty("name").GetString()));
        Assert.Equal("urn:kessan:problem:unknown-stock", await TypeAsync(missing));
        Assert.Equal("urn:kessan:problem:no-statement", await TypeAsync(statement));
        Assert.Empty(markets.EnumerateArray());
    }

    [Theory]
    [InlineData(null, "Market:Csv:Directory is needed")]
    [InlineData("no-such-place", "there is no directory")]
    [InlineData("", "there are no *.csv files")]
    public async Task Start_WrongDirectory_SaysSo(string? below, string expected)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => MarketApiHost.StartAsync(
            [new("Market:Source", "csv"), new("Market:Csv:Directory", below is null ? null : Path.Combine(_directory.FullName, below))]));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownSource_SaysWhichThereAre()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => MarketApiHost.StartAsync([new("Market:Source", "yahoo")]));

        Assert.Contains("Market:Source is \"yahoo\"; there are built-in, csv, jquants.", failure.Message, StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory.FullName, name), text);

    private Task<MarketApiHost> StartAsync() =>
        MarketApiHost.StartAsync([new("Market:Source", "csv"), new("Market:Csv:Directory", _directory.FullName)]);

    private static async Task<string?> TypeAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("type").GetString();
}
