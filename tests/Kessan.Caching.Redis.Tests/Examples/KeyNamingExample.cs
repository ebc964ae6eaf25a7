using Kessan.Caching.Keys;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Keys are written by the builder, not put together by hand.</summary>
public sealed class KeyNamingExample
{
    [Fact]
    public void AKey_ByTheBuilder_KeepsItsParts()
    {
        var good = CacheKeyBuilder.Default.StockPrice("7203", new DateOnly(2024, 1, 15));
        var versioned = new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [CacheDataType.StockPrice] = 2 }).StockPrice("7203");
        var hostile = CacheKeyBuilder.Default.StockPrice("7203:latest\n*");

        Assert.Equal("stock_price:7203:2024-01-15", good);
        Assert.Equal("stock_price:7203:latest:v2", versioned);
        Assert.Equal("stock_price:7203%3Alatest%0A%2A:latest", hostile);
    }
}
