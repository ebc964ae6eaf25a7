using System.Security.Cryptography;
using Kessan.EmbeddedRedis;
using Kessan.EmbeddedRedis.Programs;

namespace Kessan.Standalone;

/// <summary>What Standalone was asked for, by options and environment.</summary>
/// <param name="MarketPort">Port of the market API; 0 takes a free one.</param>
/// <param name="CachePort">Port of the cache service; 0 takes a free one.</param>
/// <param name="Redis">An outside Redis, in any form that the cache service takes, or none for the embedded one.</param>
/// <param name="ApiKey">The caller's key for the cache service, if any.</param>
/// <param name="Embedded">How the embedded Redis is started, if there is no outside one.</param>
internal sealed record StandaloneOptions(int MarketPort, int CachePort, string? Redis, string? ApiKey, EmbeddedRedisOptions Embedded)
{
    public const string MarketPortOption = "--market-port";
    public const string CachePortOption = "--cache-port";
    public const string RedisOption = "--redis";

    /// <summary>The variables that name an outside Redis; the first that is set counts.</summary>
    public static readonly IReadOnlyList<string> RedisVariables = ["ConnectionStrings__redis", "REDIS_CLUSTER_NODES", RedisVariable];

    private const string RedisVariable = "REDIS_URL";
    private const string ApiKeyOption = "--api-key";
    private const string DataOption = "--data";
    private const string EmbeddedPortOption = "--embedded-redis-port";
    private const string EmbeddedPasswordOption = "--embedded-redis-password";

    private static readonly ProgramOption[] Known =
    [
        new(MarketPortOption, "number", "KESSAN_MARKET_PORT", "Port of the market API. Default: 5080; 0 takes a free one."),
        new(CachePortOption, "number", "KESSAN_CACHE_PORT", "Port of the cache service. Default: 5081; 0 takes a free one."),
        new(RedisOption, "connection", RedisVariable, "An outside Redis instead of the embedded one (redis://… or host:port,…); ConnectionStrings__redis and REDIS_CLUSTER_NODES go before the variable."),
        new(ApiKeyOption, "key", "KESSAN_API_KEY", "Your key for the cache service. Default: none, only the market API has one."),
        new(DataOption, "directory", "KESSAN_DATA", "Where the embedded Redis keeps its data. Default: nowhere, it is gone on stop."),
        new(EmbeddedPortOption, "number", "KESSAN_EMBEDDED_REDIS_PORT", "Port of the embedded Redis on 127.0.0.1. Default: a free one."),
        new(EmbeddedPasswordOption, "text", "KESSAN_EMBEDDED_REDIS_PASSWORD", "Password of the embedded Redis. Default: a random one that nobody is told."),
    ];

    /// <summary>All ways to name an outside Redis, for messages.</summary>
    public static string RedisNames => $"{RedisOption}, {string.Join(", ", RedisVariables)}";

    public static string Help => ProgramOptions.Help("Kessan in one process: embedded Redis, cache service and market API.", Known);

    /// <returns>Null if only help was asked for.</returns>
    /// <exception cref="ProgramOptionException">The caller made a mistake.</exception>
    public static StandaloneOptions? Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = ProgramOptions.Parse(arguments, Known, name => name == RedisVariable ? RedisAddress(environment) : environment(name));
        if (given.HelpAsked)
            return null;

        var options = new StandaloneOptions(
            given.Port(MarketPortOption, missing: 5080),
            given.Port(CachePortOption, missing: 5081),
            given.Text(RedisOption),
            given.Text(ApiKeyOption),
            new EmbeddedRedisOptions
            {
                Port = given.Port(EmbeddedPortOption, missing: 0),
                // Other users of this machine reach its port too.
                Password = given.Text(EmbeddedPasswordOption) ?? RandomNumberGenerator.GetHexString(64, lowercase: true),
                DataDirectory = given.Text(DataOption),
            });
        return options.Problem is { } problem ? throw new ProgramOptionException(problem) : options;
    }

    /// <summary>What the cache service by itself would take, in the same order.</summary>
    private static string? RedisAddress(Func<string, string?> environment) =>
        RedisVariables.Select(environment).FirstOrDefault(static address => !string.IsNullOrWhiteSpace(address));

    private string? Problem => this switch
    {
        { MarketPort: not 0 } when MarketPort == CachePort => $"{MarketPortOption} and {CachePortOption} are both {CachePort}: give each its own.",
        { Redis: not null, Embedded.DataDirectory: not null } =>
            $"{DataOption} is for the embedded Redis: leave it out, or leave out the outside one ({RedisNames}).",
        { ApiKey: { } key } when key.Any(static character => character is <= ' ' or > '~') =>
            $"{ApiKeyOption} must be printable ASCII without spaces: a header carries it.",
        _ => Embedded.Problem,
    };
}
