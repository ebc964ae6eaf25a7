using Kessan.EmbeddedRedis;
using Kessan.EmbeddedRedis.Programs;
using Microsoft.Extensions.Options;

namespace Kessan.Standalone;

/// <summary>The whole system in one process. Exit codes: 0 stopped, 1 it cannot start, 2 a bad option.</summary>
public static class StandaloneProgram
{
    /// <summary>Starts it and stops it when the process is told to.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        using var signals = new StopSignals();
        try
        {
            if (StandaloneOptions.Parse(args, Environment.GetEnvironmentVariable) is not { } options)
            {
                Console.WriteLine(StandaloneOptions.Help);
                return 0;
            }

            await using var system = await RunningSystem.StartAsync(options, signals.Token);
            await AnnounceAsync(system, options, signals.Token);
            await signals.Arrival;
            return 0;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return 0;
        }
        catch (ProgramOptionException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            return 2;
        }
        catch (FormatException mistake)
        {
            // What the cache service says of an address that it cannot read; it names its own setting.
            Console.Error.WriteLine(mistake.Message.Replace("ConnectionStrings:redis", StandaloneOptions.RedisNames, StringComparison.Ordinal));
            return 2;
        }
        catch (Exception failure) when (failure is StartException or EmbeddedRedisException or IOException or OptionsValidationException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static async Task AnnounceAsync(RunningSystem system, StandaloneOptions options, CancellationToken cancellationToken)
    {
        using var readiness = new Readiness(TimeProvider.System);
        await readiness.AnswersAsync(system.CacheService, cancellationToken);
        await readiness.AnswersAsync(system.MarketApi, cancellationToken);
        await readiness.RehearseAsync(system.MarketApi, cancellationToken);

        if (system.Redis is { } embedded)
            Console.WriteLine($"The embedded Redis listens on 127.0.0.1:{embedded.Port}; its data is {Keeping(embedded, options)}. Its password is the one given, else this run's own (--embedded-redis-password).");
        else if (!await readiness.IsHealthyAsync(system.CacheService, cancellationToken))
            Console.WriteLine($"The outside Redis ({StandaloneOptions.RedisNames}) does not answer: the cache service goes on without it until it does.");

        Console.WriteLine($"Kessan is ready: market API {system.MarketApi}, cache service {system.CacheService}.");
        Console.WriteLine($"Try it twice: curl -i {system.MarketApi}/stocks/7203/price");
    }

    private static string Keeping(EmbeddedRedisServer embedded, StandaloneOptions options) => embedded.IsPersistent
        ? $"kept in '{Path.GetFullPath(options.Embedded.DataDirectory!)}'"
        : "gone when this stops (--data <directory> keeps it)";
}
