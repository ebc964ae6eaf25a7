using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Connections;

/// <summary>Passwords that mean something in a connection string.</summary>
public sealed class PasswordTests
{
    [Theory]
    [InlineData("p,q=r")]
    [InlineData("p,q")]
    [InlineData("p@ss:w/rd ")]
    public async Task Password_WithSeparators_Connects(string password)
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync("--requirepass", password);
        await using var store = await RedisNodes.OpenAsync($"redis://:{Uri.EscapeDataString(password)}@{server.Address}");

        await Eventually.HoldsAsync(() => store.Pulse.CanPublish == true);
    }
}
