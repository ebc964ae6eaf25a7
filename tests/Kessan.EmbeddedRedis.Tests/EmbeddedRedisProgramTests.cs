using System.Globalization;
using Kessan.Testing;
using Kessan.Testing.Processes;
using StackExchange.Redis;

namespace Kessan.EmbeddedRedis.Tests;

public sealed class EmbeddedRedisProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(UnixSignal.Terminate)]
    [InlineData(UnixSignal.Interrupt)]
    [InlineData(UnixSignal.HangUp)]
    public async Task Signal_WhileAClientIsConnected_StopsItPromptly(UnixSignal signal)
    {
        var reason = UnixSignals.WhyUntestable(signal);
        Assert.SkipWhen(reason is not null, reason ?? "");
        await using var program = Start(["--port", "0"]);
        var port = await ReadyPortAsync(program);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");

        await using var stalls = new StallWatch();
        program.Signal(signal);
        var (code, elapsed) = await program.ExitAsync(Patience, Stop);

        Assert.Equal(0, code);
        Assert.True(elapsed - stalls.Total < TimeSpan.FromSeconds(5), $"It took {elapsed}, {stalls.Total} of it stalled.");
        Assert.Empty(await program.RemainsAsync(TimeSpan.FromSeconds(1), Stop));
    }

    [Fact]
    public async Task NoDirectory_SaysThatTheDataIsGoneOnStop()
    {
        await using var program = Start(["--port=0"]);

        await program.LineAsync("gone when it stops", Patience, Stop);
    }

    [Fact]
    public async Task Kill_WithADirectory_KeepsWhatWasAcknowledged()
    {
        using var directory = new TemporaryDirectory();
        await using (var first = Start(["--port", "0", "--data", directory.Path]))
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{await ReadyPortAsync(first)}");
            await client.GetDatabase().StringSetAsync("key", "value", TimeSpan.FromMinutes(5));
            // Garnet writes in the background after it has answered: within a second, as Redis with "appendfsync everysec", of a machine that is not busy.
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, Stop);
            first.Signal(UnixSignal.Kill);
            await first.ExitAsync(Patience, Stop);
        }

        await using var second = Start(["--port", "0", "--data", directory.Path]);
        await using var again = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{await ReadyPortAsync(second)}");

        Assert.Equal("value", await again.GetDatabase().StringGetAsync("key"));
    }

    [Fact]
    public async Task Environment_PortAndPassword_AreTakenAndThePasswordIsNotShown()
    {
        await using var program = Start([], new() { ["KESSAN_EMBEDDED_REDIS_PORT"] = "0", ["KESSAN_EMBEDDED_REDIS_PASSWORD"] = "sesame" });
        var port = await ReadyPortAsync(program);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},password=sesame");

        await client.GetDatabase().PingAsync();

        Assert.DoesNotContain("sesame", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_Taken_OneLineAndExitCode1()
    {
        await using var server = await EmbeddedRedisServer.StartAsync(new EmbeddedRedisOptions(), Stop);
        await using var program = Start(["--port", $"{server.Port}"]);

        var (code, _) = await program.ExitAsync(Patience, Stop);

        Assert.Equal(1, code);
        Assert.Contains($"{server.Port}", Assert.Single(program.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prt", "1")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "x")]
    [InlineData("--port")]
    [InlineData("--port", "--data")]
    [InlineData("--data", "a", "--data", "b")]
    [InlineData("--password", "a,b")]
    [InlineData("stray")]
    public async Task Option_Bad_OneLineAndExitCode2(params string[] arguments)
    {
        await using var program = Start(arguments);

        var (code, _) = await program.ExitAsync(Patience, Stop);

        Assert.Equal(2, code);
        Assert.Single(program.Lines);
    }

    [Fact]
    public async Task Help_Asked_ListsEveryOptionAndItsVariable()
    {
        await using var program = Start(["--help"]);

        var (code, _) = await program.ExitAsync(Patience, Stop);

        Assert.Equal(0, code);
        foreach (var word in new[] { "--port", "--password", "--data", "KESSAN_EMBEDDED_REDIS_PORT", "KESSAN_EMBEDDED_REDIS_PASSWORD", "KESSAN_EMBEDDED_REDIS_DATA" })
            Assert.Contains(word, program.Output, StringComparison.Ordinal);
    }

    private static ProgramProcess Start(string[] arguments, Dictionary<string, string?>? environment = null) =>
        ProgramProcess.StartDotnet([Path.Combine(AppContext.BaseDirectory, "Kessan.EmbeddedRedis.dll"), .. arguments], environment);

    private static async Task<int> ReadyPortAsync(ProgramProcess program)
    {
        var line = await program.LineAsync("ready on 127.0.0.1:", Patience, Stop);
        var port = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].TakeWhile(char.IsAsciiDigit);
        return int.Parse(string.Concat(port), CultureInfo.InvariantCulture);
    }
}
