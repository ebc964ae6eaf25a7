using StackExchange.Redis;

namespace Kessan.EmbeddedRedis.Tests;

public sealed class DataDirectoryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataDirectory_Given_DataAndLifetimesSurviveARestart()
    {
        using var directory = new TemporaryDirectory();
        var options = new EmbeddedRedisOptions { DataDirectory = Path.Combine(directory.Path, "new") };
        await using (var first = await EmbeddedRedisServer.StartAsync(options, Stop))
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync($"{first.ConnectionString},allowAdmin=true");
            await client.GetDatabase().StringSetAsync("before", "1", TimeSpan.FromMinutes(5));
            await client.GetServers()[0].ExecuteAsync("SAVE");
            await client.GetDatabase().StringSetAsync("after", "2", TimeSpan.FromMinutes(5));
            await client.GetDatabase().SortedSetAddAsync("set", "member", 3);
        }

        await using var second = await EmbeddedRedisServer.StartAsync(options, Stop);
        await using var again = await ConnectionMultiplexer.ConnectAsync(second.ConnectionString);

        Assert.True(second.IsPersistent);
        Assert.Equal("1", await again.GetDatabase().StringGetAsync("before"));
        Assert.Equal("2", await again.GetDatabase().StringGetAsync("after"));
        Assert.Equal(3, await again.GetDatabase().SortedSetScoreAsync("set", "member"));
        Assert.InRange((await again.GetDatabase().KeyTimeToLiveAsync("after"))!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task DataDirectory_InUse_IsRefusedInOneLine()
    {
        using var directory = new TemporaryDirectory();
        var options = new EmbeddedRedisOptions { DataDirectory = directory.Path };
        await using var first = await EmbeddedRedisServer.StartAsync(options, Stop);

        var failure = await Assert.ThrowsAsync<EmbeddedRedisException>(() => EmbeddedRedisServer.StartAsync(options, Stop));

        Assert.Contains(directory.Path, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task DataDirectory_IsAFile_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "file");
        await File.WriteAllTextAsync(file, "", Stop);

        await Assert.ThrowsAsync<EmbeddedRedisException>(
            () => EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions { DataDirectory = file }, Stop));
    }

    [Fact]
    public async Task NoDataDirectory_ClientSaves_NothingIsWritten()
    {
        var before = Directory.GetFileSystemEntries(Environment.CurrentDirectory);
        await using (var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop))
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},allowAdmin=true");
            await client.GetDatabase().StringSetAsync("key", "value");

            await client.GetServers()[0].ExecuteAsync("SAVE");
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(Environment.CurrentDirectory));
    }
}
