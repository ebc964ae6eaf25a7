using Kessan.Testing.Processes;

namespace Kessan.Standalone.Tests;

public sealed class StopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    // Nobody passes these on: the script must first find out that its launcher is gone.
    private static readonly TimeSpan OrphanLimit = TimeSpan.FromSeconds(5);

    // eng/run.cs compiles itself first.
    private static readonly TimeSpan CompilePatience = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(UnixSignal.Terminate)]
    [InlineData(UnixSignal.Interrupt)]
    [InlineData(UnixSignal.HangUp)]
    public async Task Signal_WhileClientsAreConnected_StopsEverythingInTime(UnixSignal signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);
        await using var system = await StandaloneProcess.StartAsync("--api-key", "key");
        await system.GetAsync(system.MarketApi, "/stocks/7203/price");
        using var listener = new EventListener(system.CacheService, "key");
        await listener.ConnectAsync();

        system.Program.Signal(signal);
        var (code, elapsed) = await system.Program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.Equal(0, code);
        Assert.InRange(elapsed, TimeSpan.Zero, Limit);
        Assert.Empty(await system.Program.RemainsAsync(TimeSpan.FromSeconds(1), Stop));
    }

    [Fact]
    public async Task Signal_WhileStarting_StopsIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);
        await using var program = StandaloneProcess.Launch(["--market-port", "0", "--cache-port", "0"]);
        await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, Stop);

        program.Signal(UnixSignal.Terminate);
        var (_, elapsed) = await program.ExitAsync(StandaloneProcess.Patience, Stop);

        Assert.InRange(elapsed, TimeSpan.Zero, Limit);
        Assert.Empty(await program.RemainsAsync(TimeSpan.FromSeconds(1), Stop));
    }

    [Fact]
    public Task RunScript_Terminated_LeavesNothing() =>
        RunScriptLeavesNothingAsync(static program => program.Signal(UnixSignal.Terminate), Limit);

    [Fact]
    public Task RunScript_CtrlC_LeavesNothing() =>
        RunScriptLeavesNothingAsync(static program => program.SignalAll(UnixSignal.Interrupt), Limit);

    [Fact]
    public Task RunScript_TerminalClosed_LeavesNothing() =>
        RunScriptLeavesNothingAsync(static program => program.Signal(UnixSignal.HangUp), OrphanLimit);

    [Fact]
    public Task RunScript_LauncherKilled_LeavesNothing() =>
        RunScriptLeavesNothingAsync(static program => program.Signal(UnixSignal.Kill), OrphanLimit);

    private static async Task RunScriptLeavesNothingAsync(Action<ProgramProcess> end, TimeSpan limit)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);
        var program = ProgramProcess.StartDotnet(
            ["eng/run.cs", "--", "--standalone", "--no-build", "--market-port", "0", "--cache-port", "0"], StandaloneProcess.Environment(), RepositoryRoot());
        await using var system = await StandaloneProcess.ReadyAsync(program, CompilePatience);

        end(program);
        var left = await program.RemainsAsync(limit, Stop);

        Assert.Empty(left);
    }

    private static string RepositoryRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Kessan.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not stand in the repository.");
        return directory;
    }
}
