using System.Diagnostics;
using System.Text;

namespace Kessan.AppHost.Tests;

/// <summary>The AppHost as a program of its own, with the environment of its <c>http</c> launch profile.</summary>
internal sealed class AppHostProcess : IDisposable
{
    public const string DashboardAddress = "http://localhost:15888";

    /// <summary>Where it and the hosts listen: the market API, the cache service, the dashboard and what feeds it.</summary>
    public static readonly int[] Ports = [5080, 5081, 15888, 15889, 15890];

    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private AppHostProcess(ProcessStartInfo start)
    {
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static AppHostProcess Start(ProcessMark mark, params string[] arguments) => new(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Kessan.AppHost.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [ProcessMark.Variable] = mark.Value,
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:15889",
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "http://localhost:15890",
                ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
                ["ASPNETCORE_URLS"] = DashboardAddress,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["DOTNET_LAUNCH_PROFILE"] = "http",
            },
        });

    /// <summary>Runs it for a task that ends by itself, and asserts that it succeeded.</summary>
    public static async Task RunToEndAsync(params string[] arguments)
    {
        using var appHost = Start(new ProcessMark(), arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        await appHost._process.WaitForExitAsync(limit.Token);
        Assert.True(appHost._process.ExitCode == 0, appHost.Output);
    }

    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
