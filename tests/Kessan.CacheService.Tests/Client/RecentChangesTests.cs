using Kessan.Caching.Client.Coherence;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.CacheHost.Tests.Client;

public sealed class RecentChangesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecentChanges _recent;

    public RecentChangesTests() => _recent = new RecentChanges(_time, TimeSpan.FromSeconds(5));

    [Fact]
    public void Key_Changed_IsKnownForAWhileWithItsHighestVersion()
    {
        _recent.Key("k", 7);
        _recent.Key("k", 3);
        _recent.Key("k", 0);

        Assert.True(_recent.Has("k"));
        Assert.Equal(7, _recent.VersionOf("k"));
        Assert.False(_recent.Has("other"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_recent.Has("k"));
        Assert.Equal(0, _recent.VersionOf("k"));
    }

    [Fact]
    public void Key_ChangedAgain_IsKnownFromThen()
    {
        _recent.Key("k", 1);
        _time.Advance(TimeSpan.FromSeconds(4));
        _recent.Key("k", 2);
        _time.Advance(TimeSpan.FromSeconds(4));
        _recent.Key("other", 1);

        Assert.Equal(2, _recent.VersionOf("k"));
    }

    [Fact]
    public void Tag_Invalidated_IsKnownForAWhile()
    {
        _recent.Tag("t");

        Assert.True(_recent.HasTag("t"));
        Assert.False(_recent.Has("k"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_recent.HasTag("t"));
    }

    [Fact]
    public void Star_Invalidated_IsEveryKey()
    {
        _recent.Tag("*");

        Assert.True(_recent.Has("k"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_recent.Has("k"));
    }

    [Fact]
    public void Keys_MoreThanCanBeRemembered_CountAsEverything()
    {
        for (var i = 0; i < 70_000; i++) _recent.Key($"k{i}", i);

        Assert.True(_recent.Has("never changed"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_recent.Has("never changed"));
        _recent.Key("k", 1);
        Assert.True(_recent.Has("k"));
    }
}
