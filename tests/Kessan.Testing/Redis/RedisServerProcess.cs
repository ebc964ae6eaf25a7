using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kessan.Testing.Redis;

/// <summary>A real redis-server (or sentinel) on a free loopback port, with its own directory, without persistence.</summary>
public sealed class RedisServerProcess : IAsyncDisposable
{
    private const int BusOffset = 10_000;

    private static readonly HashSet<int> Given = [];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kessan-redis-");
    private readonly string[] _arguments;
    private Process? _process;
    private Socket?[] _held = [];

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
    public static async Task<RedisServerProcess> StartAsync(params string[] arguments)
    {
        var server = new RedisServerProcess(FreePort(), arguments);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts a sentinel with these lines of configuration.</summary>
    public static async Task<RedisServerProcess> StartSentinelAsync(params string[] configuration)
    {
        var server = new RedisServerProcess(FreePort(), ["--sentinel"]);
        await File.WriteAllLinesAsync(
            server.ConfigurationFile, [$"port {server.Port}", "bind 127.0.0.1", .. configuration]);
        await server.StartAsync();
        return server;
    }

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

        Release();
        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server does not start.");
        _process.BeginOutputReadLine();
        await Eventually.HoldsAsync(Answers, what: $"redis-server answers on port {Port}");
    }

    /// <summary>Sends one command on a new connection.</summary>
    public object? Ask(params object[] command) => RespClient.Ask(Port, command);

    /// <summary>kill -9. No server that takes any free port gets this one meanwhile.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _held = [Hold(Port), Hold(Port + BusOffset)];
    }

    /// <summary>SIGSTOP: it keeps its connections and answers nothing.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Release();
        _directory.Delete(recursive: true);
    }

    private string ConfigurationFile => Path.Combine(_directory.FullName, "sentinel.conf");

    private bool Answers()
    {
        if (_process is { HasExited: true }) throw new InvalidOperationException($"redis-server ended on port {Port} with code {_process.ExitCode}.");
        try
        {
            return Ask("PING") is "PONG";
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

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{ProcessId}"]);
        kill.WaitForExit();
    }

    /// <summary>A port that is free and was never given out, and whose bus port as a cluster node (10,000 higher) is so too.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var data = Hold(0);
            var port = ((IPEndPoint)data!.LocalEndPoint!).Port;
            if (port >= 55_000) continue;
            using var bus = Hold(port + BusOffset);
            lock (Given)
            {
                if (bus is not null && !Given.Contains(port) && !Given.Contains(port + BusOffset)) return Give(port);
            }
        }

        static int Give(int port)
        {
            Given.Add(port);
            Given.Add(port + BusOffset);
            return port;
        }
    }

    /// <summary>Takes a port without listening on it: whoever connects is refused. <see langword="null"/>: somebody else has it.</summary>
    private static Socket? Hold(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private void Release()
    {
        foreach (var socket in _held) socket?.Dispose();
        _held = [];
    }
}
