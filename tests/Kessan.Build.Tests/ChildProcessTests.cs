using System.Diagnostics;
using Kessan.Build.Processes;
using Kessan.Testing;
using Kessan.Testing.Processes;

namespace Kessan.Build.Tests;

public sealed class ChildProcessTests : IDisposable
{
    private readonly ProcessMark _mark = new();
    private readonly string _ready = Path.Combine(Path.GetTempPath(), $"kessan-{Guid.NewGuid():N}"); // a script makes it when its trap is set

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ChildEnds_ReturnsItsExitCode()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);

        Assert.Equal(7, await ChildProcess.RunAsync(Shell("exit 7"), TimeSpan.FromSeconds(1), Stop));
    }

    [Fact]
    public async Task RunAsync_Stopped_LetsTheChildStopByItself()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);
        using var stop = new CancellationTokenSource();

        var run = ChildProcess.RunAsync(Shell("trap 'exit 5' TERM; touch $READY; while :; do sleep 0.1; done"), TimeSpan.FromSeconds(20), stop.Token);
        await Eventually.HoldsAsync(() => File.Exists(_ready));
        await stop.CancelAsync();

        Assert.Equal(5, await run);
        Assert.Empty(await _mark.WaitUntilGoneAsync(TimeSpan.FromSeconds(2), Stop));
    }

    [Fact]
    public async Task RunAsync_ChildIgnoresTheSignal_IsEndedWithItsChildren()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);
        using var stop = new CancellationTokenSource();

        var run = ChildProcess.RunAsync(Shell("trap '' TERM; touch $READY; sleep 600 & while :; do sleep 0.1; done"), TimeSpan.FromSeconds(1), stop.Token);
        await Eventually.HoldsAsync(() => File.Exists(_ready));
        await stop.CancelAsync();

        Assert.NotEqual(0, await run);
        Assert.Empty(await _mark.WaitUntilGoneAsync(TimeSpan.FromSeconds(2), Stop));
    }

    [Fact]
    public async Task CaptureAsync_ChildEnds_ReturnsBothStreams()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);

        var (exitCode, output) = await ChildProcess.CaptureAsync(Shell("echo one; echo two >&2; exit 3"), TimeSpan.FromSeconds(20), Stop);

        Assert.Equal(3, exitCode);
        Assert.Contains("one", output, StringComparison.Ordinal);
        Assert.Contains("two", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaptureAsync_PastTheLimit_EndsTheChildAndHasNoExitCode()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);

        var (exitCode, output) = await ChildProcess.CaptureAsync(Shell("echo one; sleep 600"), TimeSpan.FromSeconds(5), Stop);

        Assert.Null(exitCode);
        Assert.Contains("one", output, StringComparison.Ordinal);
        Assert.Empty(await _mark.WaitUntilGoneAsync(TimeSpan.FromSeconds(2), Stop));
    }

    public void Dispose() => File.Delete(_ready);

    private ProcessStartInfo Shell(string script)
    {
        var start = new ProcessStartInfo("sh", ["-c", script]);
        start.Environment[ProcessMark.Variable] = _mark.Value;
        start.Environment["READY"] = _ready;
        return start;
    }
}
