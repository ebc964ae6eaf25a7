namespace Kessan.MarketApi.Tests.Stocks;

public class SearchTests
{
    [Theory]
    [InlineData("toyota", "7203")]
    [InlineData("  TOYOTA   motor ", "7203")]
    [InlineData("トヨタ", "7203")]
    [InlineData("ﾄﾖﾀ", "7203")]
    [InlineData("とよた", "7203")]
    [InlineData("ntt", "9432")]
    [InlineData("NTT", "9432")]
    [InlineData("ＵＦＪ", "8306")]
    [InlineData("7203.T", "7203")]
    [InlineData("130a", "130A")]
    [InlineData("943", "9432 9433")]
    [InlineData("nobody", "")]
    public async Task Search_CodeOrName_FindsTheStock(string query, string expected)
    {
        await using var host = await MarketApiHost.StartAsync();

        var found = await host.GetJsonAsync($"/stocks?query={Uri.EscapeDataString(query)}");

        Assert.Equal(expected, string.Join(' ', found.GetProperty("stocks").EnumerateArray().Select(stock => stock.GetProperty("ticker").GetString())));
    }

    [Fact]
    public async Task Search_SameQueryInAnotherSpelling_IsAHit()
    {
        await using var host = await MarketApiHost.StartAsync();
        await host.GetJsonAsync("/stocks?query=Sony%20Group");

        using var again = await host.Client.GetAsync("/stocks?query=%20sony%20%20group", TestContext.Current.CancellationToken);

        Assert.Equal("kessan; hit; ttl=300; detail=l1", again.Headers.GetValues("Cache-Status").Single());
    }

    [Fact]
    public async Task Search_Nothing_ListsAll()
    {
        await using var host = await MarketApiHost.StartAsync();

        var found = await host.GetJsonAsync("/stocks");

        Assert.Equal(20, found.GetProperty("total").GetInt32());
    }
}
