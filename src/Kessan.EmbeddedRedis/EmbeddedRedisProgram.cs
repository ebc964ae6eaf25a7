using Kessan.EmbeddedRedis.Programs;

namespace Kessan.EmbeddedRedis;

/// <summary>The embedded server as a program of its own. Exit codes: 0 stopped, 1 it cannot start, 2 a bad option.</summary>
internal static class EmbeddedRedisProgram
{
    private const string PortOption = "--port";
    private const string PasswordOption = "--password";
    private const string DataOption = "--data";

    private static readonly ProgramOption[] Known =
    [
        new(PortOption, "number", "KESSAN_EMBEDDED_REDIS_PORT", "Port on 127.0.0.1. Default: 6379; 0 takes a free one."),
        new(PasswordOption, "text", "KESSAN_EMBEDDED_REDIS_PASSWORD",
            "What clients must show. Better in the environment: other users of the machine see arguments. Default: none."),
        new(DataOption, "directory", "KESSAN_EMBEDDED_REDIS_DATA", "Where the data is kept. Default: nowhere, it is gone on stop."),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        using var signals = new StopSignals();
        try
        {
            var options = ProgramOptions.Parse(arguments, Known, Environment.GetEnvironmentVariable);
            if (options.HelpAsked)
            {
                Console.WriteLine(ProgramOptions.Help("A Redis-compatible server (Microsoft Garnet) for this machine only.", Known));
                return 0;
            }

            var settings = new EmbeddedRedisOptions
            {
                Port = options.Port(PortOption, missing: 6379),
                Password = options.Text(PasswordOption),
                DataDirectory = options.Text(DataOption),
            };
            if (settings.Problem is { } problem)
                throw new ProgramOptionException(problem);

            await using var server = await EmbeddedRedisServer.StartAsync(settings, signals.Token);
            Console.WriteLine($"Embedded Redis ready on 127.0.0.1:{server.Port}{(settings.Password is null ? "" : ", with a password")}.");
            Console.WriteLine(server.IsPersistent
                ? $"Its data is kept in '{settings.DataDirectory}'."
                : "Its data is gone when it stops: give a directory (--data) to keep it.");
            await signals.Arrival;
            return 0;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return 0;
        }
        catch (EmbeddedRedisException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
        catch (ProgramOptionException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
    }
}
