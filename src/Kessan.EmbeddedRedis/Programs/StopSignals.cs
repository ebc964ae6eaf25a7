using System.Runtime.InteropServices;

namespace Kessan.EmbeddedRedis.Programs;

/// <summary>
/// Ctrl+C, SIGTERM and SIGHUP as a token. Only the first of them is caught: a second one ends the process at once, should
/// stopping take too long for the user.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Completes when the first signal arrives.</summary>
    public Task Arrival => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Token)
        .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested)
            return;

        context.Cancel = true;
        _stop.Cancel();
    }
}
