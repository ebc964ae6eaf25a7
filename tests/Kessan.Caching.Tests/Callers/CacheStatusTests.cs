namespace Kessan.Caching.Tests.Callers;

public sealed class CacheStatusTests
{
    [Theory]
    [InlineData(CacheLayer.L1, 240.9, false, "kessan; hit; ttl=240; detail=l1")]
    [InlineData(CacheLayer.L2, 240, false, "kessan; hit; ttl=240; detail=l2")]
    [InlineData(CacheLayer.L1, -12, true, "kessan; hit; ttl=-12; detail=stale")]
    [InlineData(CacheLayer.Source, 300, false, "kessan; fwd=miss; stored; ttl=300; detail=source")]
    [InlineData(CacheLayer.Source, 0, false, "kessan; fwd=miss; detail=source")]
    [InlineData(CacheLayer.None, 0, false, "kessan; fwd=miss")]
    public void Format_AnyAnswer_SaysWhatBecameOfIt(CacheLayer layer, double secondsLeft, bool isStale, string expected)
        => Assert.Equal(expected, CacheStatus.Format(layer, TimeSpan.FromSeconds(secondsLeft), isStale));
}
