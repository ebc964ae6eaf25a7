using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Kessan.AppHost;

/// <summary>
/// Is there a container runtime that answers? Nothing public of Aspire tells while the model is built, so this asks in the way
/// Aspire does later: <c>docker container ls -n 1</c> (or <c>podman</c>, or what <c>ASPIRE_CONTAINER_RUNTIME</c> names) ends
/// with exit code 0. An installed but stopped Docker Desktop ends with another code, or hangs: then patience ends the wait.
/// </summary>
internal static class ContainerRuntime
{
    /// <summary>How long the probe may take altogether.</summary>
    /// <value>4 s: the AppHost promises an answer within 5.</value>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static async Task<bool> AnswersAsync(IConfiguration configuration)
    {
        string[] runtimes = configuration["ASPIRE_CONTAINER_RUNTIME"] is { Length: > 0 } named ? [named] : ["docker", "podman"];
        using var patience = new CancellationTokenSource(Patience);

        try
        {
            await foreach (var probe in Task.WhenEach(runtimes.Select(runtime => AnswersAsync(runtime, patience.Token))))
            {
                if (await probe)
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            // The other probe is of no interest any more; cancelling it ends its process.
            await patience.CancelAsync();
        }
    }

    private static async Task<bool> AnswersAsync(string runtime, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new(runtime, ["container", "ls", "-n", "1"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            },
        };

        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }

        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return false;
        }
    }
}
