using System.Runtime.InteropServices;

namespace Kessan.EmbeddedRedis.Programs;

/// <summary>
/// Ctrl+C, SIGTERM and SIGHUP as a token. Further signals change nothing: with Ctrl+C the terminal and a parent that passes the
/// signal on both send one, and a program that stops within a bounded time needs no second.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Completes when the first signal arrives.</summary>
    public Task Arrival => _arrival.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_arrival.TrySetResult())
            _stop.Cancel();
    }
}
