using Kessan.Testing;
using Kessan.Testing.Processes;

namespace Kessan.Standalone.Tests;

public sealed class StopTests
{
    // Standalone gives its parts 2.7 s, and the script finds out within 250 ms that its launcher is gone; then the processes have to end.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // eng/run.cs compiles itself first.
    private static readonly TimeSpan CompilePatience = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(UnixSignal.Terminate)]
    [InlineData(UnixSignal.Interrupt)]
    [InlineData(UnixSignal.HangUp)]
    public async Task Signal_WhileClientsAreConnected_StopsEverythingInTime(UnixSignal signal)
    {
        SkipUnlessTestable(signal);
        await using var system = await StandaloneProcess.StartAsync("--api-key", "key");
        await system.GetAsync(system.MarketApi, "/stocks/7203/price");
        using var listener = new EventListener(system.CacheService, "key");
        await listener.ConnectAsync();

        await using var stalls = new StallWatch();
        system.Program.Signal(signal);
        var (code, elapsed) = await system.Program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.Equal(0, code);
        Assert.True(elapsed - stalls.Total < Limit, $"It took {elapsed}, {stalls.Total} of it stalled.");
        Assert.Empty(await system.Program.RemainsAsync(TimeSpan.FromSeconds(1), Stop));
    }

    [Fact]
    public async Task Signal_WhileStarting_StopsIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);
        await using var program = StandaloneProcess.Launch(["--market-port", "0", "--cache-port", "0"]);
        await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, Stop);

        await using var stalls = new StallWatch();
        program.Signal(UnixSignal.Terminate);
        var (_, elapsed) = await program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.True(elapsed - stalls.Total < Limit, $"It took {elapsed}, {stalls.Total} of it stalled.");
        Assert.Empty(await program.RemainsAsync(TimeSpan.FromSeconds(1), Stop));
    }

    [Fact]
    public Task RunScript_Terminated_LeavesNothing() =>
        RunScriptLeavesNothingAsync(UnixSignal.Terminate, static program => program.Signal(UnixSignal.Terminate));

    [Fact]
    public Task RunScript_CtrlC_LeavesNothing() =>
        RunScriptLeavesNothingAsync(UnixSignal.Interrupt, static program => program.SignalAll(UnixSignal.Interrupt));

    [Fact]
    public Task RunScript_TerminalClosed_LeavesNothing() =>
        RunScriptLeavesNothingAsync(UnixSignal.HangUp, static program => program.Signal(UnixSignal.HangUp));

    [Fact]
    public Task RunScript_LauncherKilled_LeavesNothing() =>
        RunScriptLeavesNothingAsync(UnixSignal.Kill, static program => program.Signal(UnixSignal.Kill));

    private static async Task RunScriptLeavesNothingAsync(UnixSignal signal, Action<ProgramProcess> end)
    {
        SkipUnlessTestable(signal);
        var program = ProgramProcess.StartDotnet(
            ["eng/run.cs", "--", "--standalone", "--no-build", "--market-port", "0", "--cache-port", "0"], StandaloneProcess.Environment(), RepositoryRoot());
        await using var system = await StandaloneProcess.ReadyAsync(program, CompilePatience);

        await using var stalls = new StallWatch();
        var start = TimeProvider.System.GetTimestamp();
        end(program);
        var left = await program.RemainsAsync(StandaloneProcess.Patience, Stop);

        var elapsed = TimeProvider.System.GetElapsedTime(start);
        Assert.Empty(left);
        Assert.True(elapsed - stalls.Total < Limit, $"It took {elapsed}, {stalls.Total} of it stalled.");
    }

    private static void SkipUnlessTestable(UnixSignal signal)
    {
        var reason = UnixSignals.WhyUntestable(signal);
        Assert.SkipWhen(reason is not null, reason ?? "");
    }

    private static string RepositoryRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Kessan.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not stand in the repository.");
        return directory;
    }
}
