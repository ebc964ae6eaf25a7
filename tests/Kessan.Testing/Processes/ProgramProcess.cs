using System.Diagnostics;

namespace Kessan.Testing.Processes;

/// <summary>A program as a real process, with what it prints. Whatever it started ends with it when the test disposes it.</summary>
public sealed class ProgramProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ProcessMark _mark = new();
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment[ProcessMark.Variable] = _mark.Value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>All lines so far, of both streams.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public string Output => string.Join('\n', Lines);

    /// <summary>Starts a program of its own.</summary>
    public static ProgramProcess Start(string program) => new(new ProcessStartInfo(program));

    /// <summary>Starts <c>dotnet</c> with these arguments; a variable whose value is null is taken away.</summary>
    public static ProgramProcess StartDotnet(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = workingDirectory ?? AppContext.BaseDirectory };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return new ProgramProcess(start);
    }

    /// <summary>Waits for a line that contains a text; fails with all that was printed if it ends or the patience is over.</summary>
    public async Task<string> LineAsync(string text, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        while (true)
        {
            Task printed;
            lock (_gate)
            {
                if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                    return found;
                printed = _printed.Task;
            }

            try
            {
                var exited = _process.WaitForExitAsync(limit.Token);
                if (await Task.WhenAny(printed, exited) == exited && !printed.IsCompleted)
                {
                    await exited;
                    break;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        throw new InvalidOperationException($"No line with '{text}' within {patience.TotalSeconds} s. It printed:\n{Output}");
    }

    /// <summary>Waits for the end and for all of its output.</summary>
    /// <returns>The exit code and how long it took from now.</returns>
    public async Task<(int Code, TimeSpan Elapsed)> ExitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"It did not end within {patience.TotalSeconds} s. It printed:\n{Output}");
        }

        return (_process.ExitCode, TimeProvider.System.GetElapsedTime(start));
    }

    /// <summary>Sends a signal to this process only (Unix).</summary>
    public void Signal(UnixSignal signal) => UnixSignals.Send(Id, signal);

    /// <summary>Sends a signal to it and to all it started, as a terminal does on Ctrl+C (Linux).</summary>
    public void SignalAll(UnixSignal signal)
    {
        foreach (var process in _mark.Carriers())
            UnixSignals.Send(process.Id, signal);
    }

    /// <summary>Waits until nothing is left of it and of all it started (Linux).</summary>
    /// <returns>The command lines of what is still there.</returns>
    public Task<IReadOnlyList<string>> RemainsAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        _mark.WaitUntilGoneAsync(patience, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is null)
            return;

        TaskCompletionSource printed;
        lock (_gate)
        {
            _lines.Add(line);
            printed = _printed;
            _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        printed.SetResult();
    }
}
