using System.ComponentModel;
using Kessan.CacheHost.Entities;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Quotas;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Quotas;

/// <summary>Quotas of users: counted exactly over all replicas, never past the limit.</summary>
internal static class QuotaEndpoints
{
    private const string Route = "/quotas/{user}/{window}";
    private const string IdempotencyKey = "Idempotency-Key";
    private const string Example = """{"usage":12,"limit":1000,"remaining":988,"reset":86100.2}""";
    private const long HighestCost = 1_000_000;
    private const int LongestName = 128;
    private const long LongestMemory = 86_400; // no window is longer

    public static RouteGroupBuilder MapQuotas(this RouteGroupBuilder api)
    {
        var quotas = api.MapGroup("").WithTags("Quotas").WithMetadata(LoadMark.Request);
        quotas.MapGet(Route, ReadAsync).Requires(AccessScope.Read)
            .WithSummary("Tells how a quota stands")
            .AnswersJson(StatusCodes.Status200OK, "The quota.", typeof(QuotaAnswer), Example, headers: ["RateLimit", "RateLimit-Policy"]);
        quotas.MapPost(Route, ChargeAsync).Requires(AccessScope.Write)
            .WithSummary("Charges a quota").WithDescription("A charge past the limit is refused and charges nothing.")
            .Reads(IdempotencyKey, "Names the charge: sent again in the same window, it charges nothing. A refusal is not remembered.")
            .AnswersJson(StatusCodes.Status200OK, "Charged.", typeof(QuotaAnswer), Example, headers: ["RateLimit", "RateLimit-Policy"])
            .Fails(ProblemKind.QuotaExceeded, ProblemKind.StoreAway);
        return api;
    }

    private static async Task<IResult> ReadAsync(
        string user,
        [Description("minute, hourly or daily")] string window,
        [FromQuery, Description("A limit below the configured one.")] long? limit,
        CacheService cache,
        EntityKeys keys,
        ApiClient client,
        CancellationToken cancellationToken)
    {
        var length = Check(user, window, 1, limit, keys, client);
        return new QuotaResult(await cache.GetQuotaAsync(user, length, limit, cancellationToken), length);
    }

    private static async Task<IResult> ChargeAsync(
        string user,
        [Description("minute, hourly or daily")] string window,
        [FromQuery, Description("What to charge, 1 to 1,000,000; else 1.")] long? cost,
        [FromQuery, Description("A limit below the configured one.")] long? limit,
        [FromQuery, Description("true: another cache has granted this while Redis was away, and hands it in; no limit counts.")] bool? granted,
        [FromQuery, Description("For how many seconds its name is remembered, 1 and more; else until the window ends.")] long? remember,
        [FromHeader(Name = IdempotencyKey)] string? name,
        CacheService cache,
        IOptions<QuotaOptions> options,
        IServiceProvider services,
        EntityKeys keys,
        ApiClient client,
        CancellationToken cancellationToken)
    {
        var length = Check(user, window, cost ?? 1, limit, keys, client);
        if (name is not null && (name.Length is 0 or > LongestName || name.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            return RequestProblem.Invalid($"{IdempotencyKey} has 1 to {LongestName} printable characters.");
        }

        if (remember < 1) return RequestProblem.Invalid("A name is remembered for 1 second at least.");

        TimeSpan? lifetime = remember is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestMemory)) : null;
        if (granted == true) return await HandInAsync(services, client, keys, user, length, cost ?? 1, name, cancellationToken);

        var status = await cache.TrackQuotaAsync(user, length, cost ?? 1, limit, name, lifetime, cancellationToken);
        if (status.IsAllowed) return new QuotaResult(status, length);
        return status.IsLocal && options.Value.WhenStoreAway == StoreAwayPolicy.Deny ? RequestProblem.StoreAway : new QuotaResult(status, length);
    }

    private static async Task<IResult> HandInAsync(
        IServiceProvider services, ApiClient client, EntityKeys keys, string user, QuotaWindow window, long cost, string? name, CancellationToken cancellationToken)
    {
        if (services.GetService<IQuotaStore>() is not { } store) return RequestProblem.StoreAway;
        var key = keys.Build(client, builder => builder.ApiQuota(user, QuotaWindows.NameOf(window)));
        var length = services.GetRequiredService<Caching.Lifetimes.CacheTtlPolicy>().ForKey(key)!.Fresh;
        var reading = await store.ChargeAsync(new QuotaCharge(key, user, window, length) { Cost = cost, Nonce = name }, cancellationToken)
            .AsTask().WaitAsync(StoreCalls.Short, cancellationToken);
        return new QuotaResult(new QuotaStatus(IsAllowed: true, reading.Usage, null, reading.Reset, IsLocal: false), window);
    }

    private static QuotaWindow Check(string user, string window, long cost, long? limit, EntityKeys keys, ApiClient client)
    {
        if (!QuotaWindows.TryParse(window, out var length)) throw RequestProblem.Invalid("The windows are minute, hourly and daily.").AsException();
        if (cost is < 1 or > HighestCost)
        {
            throw RequestProblem.PastLimit("cost", HighestCost, $"A cost is 1 to {HighestCost}.").AsException();
        }

        if (limit < 0) throw RequestProblem.Invalid("A limit is not negative.").AsException();
        keys.Build(client, builder => builder.ApiQuota(user, window));
        return length;
    }
}
