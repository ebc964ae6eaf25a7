using System.Security.Cryptography;
using Kessan.CacheHost;
using Kessan.EmbeddedRedis;
using Kessan.MarketApi;

namespace Kessan.Standalone;

/// <summary>The parts in the order in which they need each other; they stop the other way round.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    // Every part has a limit of its own; this is for what nobody thought of, such as a telemetry collector that does not answer.
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(2700);

    private readonly Stack<IAsyncDisposable> _parts = new();
    private WebPart? _cacheService;
    private WebPart? _marketApi;

    private RunningSystem()
    {
    }

    /// <summary>The embedded server, unless there is an outside Redis.</summary>
    public EmbeddedRedisServer? Redis { get; private set; }

    public string CacheService => _cacheService!.Address;

    public string MarketApi => _marketApi!.Address;

    public static async Task<RunningSystem> StartAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        LocalPort.Check(options.MarketPort, "market API", $"{StandaloneOptions.MarketPortOption} or KESSAN_MARKET_PORT");
        LocalPort.Check(options.CachePort, "cache service", $"{StandaloneOptions.CachePortOption} or KESSAN_CACHE_PORT");

        var system = new RunningSystem();
        try
        {
            await system.StartPartsAsync(options, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the parts; what has not stopped in time ends with the process.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopPartsAsync().WaitAsync(StopLimit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Console.Error.WriteLine("Not everything stopped in time.");
        }
    }

    private async Task StartPartsAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        if (options.Redis is null)
            Redis = Started(await EmbeddedRedisServer.StartAsync(options.Embedded, cancellationToken));

        // The market API's own key: it is new in each run, and nobody needs to know it.
        var marketKey = RandomNumberGenerator.GetHexString(64, lowercase: true);
        _cacheService = Started(await WebPart.StartAsync(
            CacheServiceApp.Build, "Kessan.CacheService", options.CachePort,
            CacheServiceSettings(options.Redis ?? Redis!.ConnectionString, marketKey, options.ApiKey), cancellationToken));
        _marketApi = Started(await WebPart.StartAsync(
            MarketApiApp.Build, "Kessan.MarketApi", options.MarketPort,
            new Dictionary<string, string>
            {
                ["Kessan:CacheService:Address"] = CacheService,
                ["Kessan:CacheService:ApiKey"] = marketKey,
            },
            cancellationToken));
    }

    private async Task StopPartsAsync()
    {
        while (_parts.TryPop(out var part))
            await part.DisposeAsync();
    }

    private T Started<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    private static Dictionary<string, string> CacheServiceSettings(string redis, string marketKey, string? callersKey)
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings:redis"] = redis };
        AddKey(0, "market-api", marketKey, "read", "write");
        if (callersKey is not null)
            AddKey(1, "standalone", callersKey, "read", "write", "admin");
        return settings;

        void AddKey(int index, string name, string key, params ReadOnlySpan<string> scopes)
        {
            var path = $"Kessan:Security:ApiKeys:{index}";
            settings[$"{path}:Name"] = name;
            settings[$"{path}:Key"] = key;
            for (var i = 0; i < scopes.Length; i++)
                settings[$"{path}:Scopes:{i}"] = scopes[i];
        }
    }
}
