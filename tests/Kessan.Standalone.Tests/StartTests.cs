using System.Net;
using System.Net.Sockets;
using Kessan.Testing;

namespace Kessan.Standalone.Tests;

public sealed class StartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_PortsGiven_ServicesAnswerThereAndACurlLineIsPrinted()
    {
        var (market, cache) = (TestPorts.Next(), TestPorts.Next());
        await using var system = await StandaloneProcess.ReadyAsync(
            StandaloneProcess.Launch(["--market-port", $"{market}"], ("KESSAN_CACHE_PORT", $"{cache}"), ("KESSAN_MARKET_PORT", "1")));

        Assert.Equal(new Uri($"http://localhost:{market}"), system.MarketApi);
        Assert.Equal(new Uri($"http://localhost:{cache}"), system.CacheService);
        Assert.Equal(200, (await system.GetAsync(system.MarketApi, "/health")).Status);
        await Eventually.HoldsAsync(async () => await system.GetAsync(system.CacheService, "/health") == (200, "", "Healthy")); // its first proofs come meanwhile
        await system.Program.LineAsync($"curl -i http://localhost:{market}/stocks/7203/price", StandaloneProcess.Patience, Stop);
        Assert.Contains("gone when this stops", system.Program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApiKey_Given_OpensTheCacheServiceAndIsNotPrinted()
    {
        await using var system = await StandaloneProcess.StartPatientAsync("--api-key", "open-sesame");

        Assert.Equal(401, (await system.GetAsync(system.CacheService, "/v1/entries/a")).Status);
        Assert.Equal(404, (await system.GetAsync(system.CacheService, "/v1/entries/a", "open-sesame")).Status);
        Assert.Equal(200, (await system.GetAsync(system.CacheService, "/v1/entries?pattern=stock_price:*", "open-sesame")).Status);
        Assert.DoesNotContain("open-sesame", system.Program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--market-port", "--cache-port", "market API")]
    [InlineData("--cache-port", "--market-port", "cache service")]
    public async Task Port_Taken_OneLineThatNamesItAndExitCode1(string option, string otherOption, string service)
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        await using var program = StandaloneProcess.Launch([option, $"{port}", otherOption, "0"]);

        var (code, _) = await program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.Equal(1, code);
        var line = Assert.Single(program.Lines);
        Assert.Contains($"{port}", line, StringComparison.Ordinal);
        Assert.Contains(service, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataDirectory_CannotBeUsed_OneLineAndExitCode1()
    {
        await using var program = StandaloneProcess.Launch(["--market-port=0", "--cache-port=0", "--data", typeof(StartTests).Assembly.Location]);

        var (code, _) = await program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.Equal(1, code);
        Assert.Single(program.Lines);
    }

    [Theory]
    [InlineData("--bad")]
    [InlineData("--market-port", "http")]
    [InlineData("--market-port", "65536")]
    [InlineData("--market-port")]
    [InlineData("--market-port", "7000", "--cache-port", "7000")]
    [InlineData("--redis", "redis://127.0.0.1:1", "--data", "somewhere")]
    [InlineData("--api-key", "two words")]
    [InlineData("--market-port=0", "--cache-port=0", "--redis", "redis://[bad")]
    public async Task Option_Bad_OneLineAndExitCode2(params string[] arguments)
    {
        await using var program = StandaloneProcess.Launch(arguments);

        var (code, _) = await program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.Equal(2, code);
        Assert.Single(program.Lines);
    }

    // As the cache service alone would: no variable is passed over in silence.
    [Theory]
    [InlineData("ConnectionStrings__redis", "127.0.0.1:1")]
    [InlineData("REDIS_CLUSTER_NODES", "redis://127.0.0.1:1,redis://127.0.0.1:2")]
    [InlineData("REDIS_URL", "redis://127.0.0.1:1")]
    public async Task Redis_NamedByAVariable_IsUsedInsteadOfTheEmbeddedOne(string variable, string address)
    {
        await using var system = await StandaloneProcess.ReadyAsync(
            StandaloneProcess.Launch(["--market-port", "0", "--cache-port", "0"], (variable, address)));

        Assert.Contains("The outside Redis (--redis, ConnectionStrings__redis, REDIS_CLUSTER_NODES, REDIS_URL) does not answer", system.Program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("embedded Redis", system.Program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_Asked_ListsOptionsAndVariables()
    {
        await using var program = StandaloneProcess.Launch(["--help"]);

        var (code, _) = await program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.Equal(0, code);
        foreach (var word in new[] { "--market-port", "KESSAN_MARKET_PORT", "--cache-port", "KESSAN_CACHE_PORT", "--redis", "REDIS_URL", "--api-key", "KESSAN_API_KEY", "--data", "KESSAN_DATA" })
            Assert.Contains(word, program.Output, StringComparison.Ordinal);
    }
}
