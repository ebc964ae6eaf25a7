using System.Runtime.InteropServices;

namespace Kessan.Build.Processes;

/// <summary>
/// The wish to stop, as a token: Ctrl+C, SIGTERM, SIGHUP, or that the <c>dotnet</c> launcher is gone. The launcher passes SIGTERM on
/// but dies of SIGHUP and SIGKILL without a word, and this program would go on alone.
/// </summary>
public sealed class StopSignal : IDisposable
{
    private static readonly TimeSpan ParentCheck = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly ITimer? _parentTimer;

    public StopSignal(TimeProvider time)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));

        if (!OperatingSystem.IsWindows())
        {
            var parent = Unix.ParentId();
            _parentTimer = time.CreateTimer(_ => StopIfOrphaned(parent), null, ParentCheck, ParentCheck);
        }
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _parentTimer?.Dispose();
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }

    private void StopIfOrphaned(int parent)
    {
        try
        {
            if (Unix.ParentId() != parent)
                _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The last tick met the end.
        }
    }
}
