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

    private const string ApiKeyOption = "--api-key";
    private const string DataOption = "--data";
    private const string EmbeddedPortOption = "--embedded-redis-port";
    private const string EmbeddedPasswordOption = "--embedded-redis-password";

    private static readonly ProgramOption[] Known =
    [
        new(MarketPortOption, "number", "KESSAN_MARKET_PORT", "Port of the market API. Default: 5080; 0 takes a free one."),
        new(CachePortOption, "number", "KESSAN_CACHE_PORT", "Port of the cache service. Default: 5081; 0 takes a free one."),
        new(RedisOption, "connection", "REDIS_URL", "An outside Redis instead of the embedded one (redis://… or host:port,…)."),
        new(ApiKeyOption, "key", "KESSAN_API_KEY", "Your key for the cache service. Default: none, only the market API has one."),
        new(DataOption, "directory", "KESSAN_DATA", "Where the embedded Redis keeps its data. Default: nowhere, it is gone on stop."),
        new(EmbeddedPortOption, "number", "KESSAN_EMBEDDED_REDIS_PORT", "Port of the embedded Redis on 127.0.0.1. Default: a free one."),
        new(EmbeddedPasswordOption, "text", "KESSAN_EMBEDDED_REDIS_PASSWORD", "Password of the embedded Redis. Default: none."),
    ];

    public static string Help => ProgramOptions.Help("Kessan in one process: embedded Redis, cache service and market API.", Known);

    /// <returns>Null if only help was asked for.</returns>
    /// <exception cref="ProgramOptionException">The caller made a mistake.</exception>
    public static StandaloneOptions? Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = ProgramOptions.Parse(arguments, Known, environment);
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
                Password = given.Text(EmbeddedPasswordOption),
                DataDirectory = given.Text(DataOption),
            });
        return options.Problem is { } problem ? throw new ProgramOptionException(problem) : options;
    }

    private string? Problem => this switch
    {
        { MarketPort: not 0 } when MarketPort == CachePort => $"{MarketPortOption} and {CachePortOption} are both {CachePort}: give each its own.",
        { Redis: not null, Embedded.DataDirectory: not null } =>
            $"{DataOption} is for the embedded Redis: leave it out, or leave out the outside one ({RedisOption}, REDIS_URL).",
        { ApiKey: { } key } when key.Any(static character => character is <= ' ' or > '~') =>
            $"{ApiKeyOption} must be printable ASCII without spaces: a header carries it.",
        _ => Embedded.Problem,
    };
}
