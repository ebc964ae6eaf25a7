using System.ComponentModel;
using Kessan.CacheHost.Entries;
using Kessan.CacheHost.Health;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.Caching.Redis;
using Kessan.Caching.Statistics;
using Kessan.Caching.Warming;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Statistics;

/// <summary>What the service counts and holds, and the maintenance of it.</summary>
internal static class StatisticsEndpoints
{
    // As many as the engine watches.
    private const int MostHotKeys = 256;

    public static RouteGroupBuilder MapStatistics(this RouteGroupBuilder api)
    {
        var statistics = api.MapGroup("").WithTags("Statistics").WithMetadata(LoadMark.Request);
        statistics.MapGet("/statistics", GetStatisticsAsync).Requires(AccessScope.Read)
            .WithSummary("Tells what this replica counted since its start")
            .WithDescription("Hit rates by layer and data type; the key counts of Redis are at most 60 s old, older while a new count takes more than 2 s, and say so.")
            .AnswersJson(StatusCodes.Status200OK, "The statistics.", typeof(StatisticsAnswer), """{"key_counts":{"stock_price":12},"as_of":"2026-11-22T09:00:00Z"}""");
        statistics.MapGet("/memory", GetMemoryAsync).Requires(AccessScope.Read)
            .WithSummary("Tells how much memory the layers use")
            .AnswersJson(StatusCodes.Status200OK, "The memory.", typeof(MemoryAnswer), """{"l1":{"entries":812,"size_bytes":90123,"maximum_bytes":268435456}}""");
        statistics.MapPost("/maintenance/cleanup", CleanUpAsync).Requires(AccessScope.Admin)
            .WithSummary("Removes what is of no use any more from this replica's first layer and from Redis")
            .WithDescription("From L1 what is past its stale window; from Redis entries and leases without an end of life, and members of tag indexes whose entry is gone.")
            .AnswersJson(StatusCodes.Status200OK, "What was removed.", typeof(CleanupAnswer), """{"l1":{"entries":7},"redis":{"scanned":812,"entries":0,"leases":0,"index_members":3,"complete":true}}""")
            .Fails(ProblemKind.StoreAway);
        statistics.MapGet("/hot-keys", GetHotKeys).Requires(AccessScope.Read)
            .WithSummary("Tells which keys this replica is asked for most")
            .WithDescription("The first one first, without sessions and quotas; the rates are estimated from one look-up in 64, over about the last minute.")
            .AnswersJson(StatusCodes.Status200OK, "The keys.", typeof(HotKeysAnswer), """{"keys":[{"key":"stock_price:7203:latest","data_type":"stock_price","requests_per_second":41.5}]}""")
            .Fails(ProblemKind.LimitExceeded);
        statistics.MapPost("/warm", WarmAsync).Requires(AccessScope.Admin)
            .WithSummary("Loads entries from Redis into the first layer of this replica")
            .WithDescription("Those keys that the body names, or, without a body, those that were hot before the last stop.")
            .TakesJson(typeof(KeysRequest), "The keys; may be left out.", """{"keys":["stock_price:7203:latest"]}""", required: false)
            .AnswersJson(StatusCodes.Status200OK, "How many of them Redis had.", typeof(WarmAnswer), """{"loaded":1}""")
            .Fails(ProblemKind.StoreAway);
        return api;
    }

    private static Results<JsonHttpResult<HotKeysAnswer>, RequestProblem> GetHotKeys(
        [FromQuery, Description("How many; 1 to 256, else 20.")] int? count, CacheService cache, ApiClient client)
    {
        if (count is < 1 or > MostHotKeys) return RequestProblem.PastLimit("count", MostHotKeys, $"A count is 1 to {MostHotKeys}.");
        var keys = cache.GetHotKeys(MostHotKeys)
            .Where(hot => client.MayTouch(hot.Key) && !RequestRules.IsRefused(hot.Key))
            .Take(count ?? 20)
            .Select(static hot => new HotKeyAnswer(hot.Key, CacheKeys.PrefixOf(hot.DataType), Math.Round(hot.RequestsPerSecond, 2)));
        return TypedResults.Json(new HotKeysAnswer([.. keys]), StatusJson.Default.HotKeysAnswer);
    }

    private static async Task<Results<JsonHttpResult<WarmAnswer>, RequestProblem>> WarmAsync(
        CacheEntries entries,
        CacheWarmer warmer,
        BodyReader body,
        RequestRules rules,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!entries.StoreIsAvailable) return RequestProblem.StoreAway;
        if (context.Request.ContentType is null && context.Request.ContentLength is null or 0)
        {
            var report = await warmer.WarmAsync(cancellationToken);
            return TypedResults.Json(new WarmAnswer(report.HotKeys), StatusJson.Default.WarmAnswer);
        }

        var request = await body.ReadJsonAsync(context, ServiceJson.Default.KeysRequest);
        rules.DemandKeys(client, request.Keys);
        var lookups = await entries.GetManyAsync(request.Keys, pastL1: false, cancellationToken);
        return TypedResults.Json(new WarmAnswer(lookups.Count(static lookup => lookup.Found)), StatusJson.Default.WarmAnswer);
    }

    private static async Task<JsonHttpResult<StatisticsAnswer>> GetStatisticsAsync(
        CacheService cache, HealthReport health, KeyCounter counter, CancellationToken cancellationToken)
    {
        var statistics = cache.GetStatistics();
        var keys = await counter.CountAsync(cancellationToken);
        var answer = new StatisticsAnswer(
            await health.GatherRedisAsync(cancellationToken), keys?.ByDataType, keys?.AsOf, keys?.IsComplete, ToLayers(statistics));
        return TypedResults.Json(answer, StatusJson.Default.StatisticsAnswer);
    }

    private static async Task<JsonHttpResult<MemoryAnswer>> GetMemoryAsync(
        CacheService cache, HealthReport health, IOptions<KessanCacheOptions> options, CancellationToken cancellationToken)
    {
        var statistics = cache.GetStatistics();
        var server = await health.ReadServerAsync(cancellationToken);
        var answer = new MemoryAnswer(
            new LocalMemory(statistics.L1Entries, statistics.L1SizeBytes, options.Value.L1MaximumBytes),
            new RedisMemory(server?.UsedMemoryBytes, server?.MaximumMemoryBytes, server?.Keys),
            new ProcessMemory(Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false)));
        return TypedResults.Json(answer, StatusJson.Default.MemoryAnswer);
    }

    private static async Task<Results<JsonHttpResult<CleanupAnswer>, RequestProblem>> CleanUpAsync(
        IServiceProvider services, CacheService cache, CacheEntries entries, CancellationToken cancellationToken)
    {
        var local = cache.CleanUpExpired(); // also without Redis
        if (services.GetService<RedisCache>() is not { } redis || !entries.StoreIsAvailable) return RequestProblem.StoreAway;
        var report = await redis.CleanUpExpiredAsync(cancellationToken: cancellationToken);
        var cleanup = new RedisCleanup(report.Scanned, report.Entries, report.Leases, report.IndexMembers, report.Complete);
        return TypedResults.Json(new CleanupAnswer(new LocalCleanup(local), cleanup), StatusJson.Default.CleanupAnswer);
    }

    private static LayerStatistics ToLayers(CacheStatistics statistics) => new(
        ToCounts(statistics.Total),
        statistics.ByDataType.ToDictionary(static pair => CacheKeys.PrefixOf(pair.Key), static pair => ToCounts(pair.Value)),
        statistics.StampedeJoins,
        statistics.SourceCalls,
        statistics.StaleAnswers,
        statistics.L1Entries,
        statistics.L1SizeBytes,
        statistics.L1Evictions,
        statistics.BreakerOpen,
        statistics.PendingChanges,
        statistics.BackplaneGaps);

    private static LookupCounts ToCounts(CacheRequestCounts counts) => new(
        counts.Requests,
        counts.L1Hits,
        counts.L2Hits,
        counts.Stale,
        counts.Misses,
        counts.Errors,
        HealthReport.Round(counts.HitRatePercent),
        HealthReport.Round(counts.L1HitRatePercent),
        HealthReport.Round(counts.L2HitRatePercent));
}
