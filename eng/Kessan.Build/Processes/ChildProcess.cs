using System.Diagnostics;
using System.Text;

namespace Kessan.Build.Processes;

/// <summary>Other programs, run so that none of them outlives us.</summary>
public static class ChildProcess
{
    /// <summary>
    /// Runs a program on our own console. When told to stop it gets SIGTERM (on Windows Ctrl+C has reached it already) and, if it is
    /// still there after its grace, it ends with everything that it started.
    /// </summary>
    /// <param name="start">Program, arguments, environment.</param>
    /// <param name="grace">How long it may take to stop.</param>
    /// <param name="stop">The wish to stop.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(ProcessStartInfo start, TimeSpan grace, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return StoppedBySignal;

        using var child = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
        try
        {
            await child.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(child, grace);
        }

        return child.ExitCode;
    }

    /// <summary>Runs a program quietly, for what it prints.</summary>
    /// <returns>The exit code and both streams, or no exit code if it was ended because it took longer than the limit.</returns>
    public static async Task<(int? ExitCode, string Output)> CaptureAsync(ProcessStartInfo start, TimeSpan limit, CancellationToken stop)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var output = new StringBuilder();
        using var child = new Process { StartInfo = start };
        child.OutputDataReceived += Append;
        child.ErrorDataReceived += Append;
        child.Start();
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(limit);
        int? exitCode = null;
        try
        {
            await child.WaitForExitAsync(end.Token);
            exitCode = child.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await StopAsync(child, TimeSpan.Zero);
        }

        lock (output)
            return (exitCode, output.ToString());

        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (output)
                output.AppendLine(line.Data);
        }
    }

    /// <summary>What a shell reports for a program that ended by SIGTERM.</summary>
    public const int StoppedBySignal = 128 + 15;

    private static async Task StopAsync(Process child, TimeSpan grace)
    {
        if (grace > TimeSpan.Zero)
        {
            if (!OperatingSystem.IsWindows())
                Unix.Terminate(child.Id);

            using var end = new CancellationTokenSource(grace);
            try
            {
                await child.WaitForExitAsync(end.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"It did not stop within {grace.TotalSeconds:0} s and is ended now.");
            }
        }

        child.Kill(entireProcessTree: true);
        await child.WaitForExitAsync(CancellationToken.None);
    }
}
