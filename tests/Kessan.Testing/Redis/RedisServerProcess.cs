using System.Diagnostics;
using System.Net.Sockets;

namespace Kessan.Testing.Redis;

/// <summary>A real redis-server (or sentinel) on a free loopback port, with its own directory, without persistence.</summary>
public sealed class RedisServerProcess : IAsyncDisposable
{
    private const int Starts = 3;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kessan-redis-");
    private readonly string[] _arguments;
    private Process? _process;

    private RedisServerProcess(int port, string[] arguments)
    {
        Port = port;
        _arguments = arguments;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("It does not run.");

    /// <summary>Where redis-server is; <see langword="null"/>: not on this machine.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, "redis-server"))
        .FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs one is skipped; <see langword="null"/>: it need not be.</summary>
    public static string? Missing => Program is null ? "no redis-server on PATH" : null;

    /// <summary>Starts a server and waits until it answers.</summary>
    public static Task<RedisServerProcess> StartAsync(params string[] arguments) => StartNewAsync(arguments);

    /// <summary>Starts a sentinel with these lines of configuration.</summary>
    public static Task<RedisServerProcess> StartSentinelAsync(params string[] configuration) => StartNewAsync(["--sentinel"], configuration);

    /// <summary>Starts it again on the same port, empty.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Program ?? throw new InvalidOperationException(Missing)) { RedirectStandardOutput = true };
        if (_arguments is ["--sentinel", ..])
        {
            start.ArgumentList.Add(ConfigurationFile);
            start.ArgumentList.Add("--sentinel");
        }
        else
        {
            string[] fixedArguments =
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _directory.FullName,
                "--repl-diskless-sync-delay", "0", "--logfile", Path.Combine(_directory.FullName, "log"),
            ];
            foreach (var argument in (string[])[.. fixedArguments, .. _arguments]) start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server does not start.");
        _process.BeginOutputReadLine();
        await Eventually.HoldsAsync(Answers, what: $"redis-server answers on port {Port}");
    }

    /// <summary>Sends one command on a new connection.</summary>
    public object? Ask(params object[] command) => RespClient.Ask(Port, command);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>SIGSTOP: it keeps its connections and answers nothing.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _directory.Delete(recursive: true);
    }

    private string ConfigurationFile => Path.Combine(_directory.FullName, "sentinel.conf");

    private static async Task<RedisServerProcess> StartNewAsync(string[] arguments, string[]? configuration = null)
    {
        for (var start = 1; ; start++)
        {
            var server = new RedisServerProcess(TestPorts.Next(), arguments);
            if (configuration is not null)
                await File.WriteAllLinesAsync(server.ConfigurationFile, [$"port {server.Port}", "bind 127.0.0.1", .. configuration]);
            try
            {
                await server.StartAsync();
                return server;
            }
            catch (Exception failure)
            {
                // One that ended at once: another process's tests have the port.
                await server.DisposeAsync();
                if (failure is not InvalidOperationException || start == Starts) throw;
            }
        }
    }

    private bool Answers()
    {
        if (_process is { HasExited: true }) throw new InvalidOperationException($"redis-server ended on port {Port} with code {_process.ExitCode}.");
        try
        {
            return Ask("PING") is "PONG" && IsOurs();
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message.StartsWith("NOAUTH", StringComparison.Ordinal);
        }
        catch (Exception away) when (away is SocketException or IOException)
        {
            return false;
        }
    }

    // Ours may be about to end because another server has the port.
    private bool IsOurs() => ((string)Ask("INFO", "server")!).Contains($"process_id:{ProcessId}\r", StringComparison.Ordinal);

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{ProcessId}"]);
        kill.WaitForExit();
    }
}
