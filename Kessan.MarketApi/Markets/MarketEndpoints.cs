using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Markets;

/// <summary>The indices of the market.</summary>
internal static class MarketEndpoints
{
    public static RouteGroupBuilder MapMarkets(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/markets").WithTags("Markets").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/", GetIndicesAsync).WithName("GetMarkets");
        group.MapGet("/{index}", GetIndexAsync).WithName("GetMarket").ProducesProblem(StatusCodes.Status404NotFound);
        return group;
    }

    private static async Task<Ok<MarketIndex[]>> GetIndicesAsync(
        KessanHybridCache cache, CacheKeyBuilder keys, IIndexSource source, HttpResponse response, CancellationToken cancellationToken)
    {
        var lookups = await Task.WhenAll(source.Ids.Select(id => LookUpAsync(cache, keys, source, id, cancellationToken)));
        CacheHeaders.Write(response, lookups);
        return TypedResults.Ok(lookups.Select(lookup => lookup.Value).OfType<MarketIndex>().ToArray());
    }

    private static async Task<Results<Ok<MarketIndex>, ProblemHttpResult>> GetIndexAsync(
        string index, KessanHybridCache cache, CacheKeyBuilder keys, IIndexSource source, HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (source.Ids.FirstOrDefault(id => id.Equals(index, StringComparison.OrdinalIgnoreCase)) is not { } known)
            return Problems.UnknownIndex(source.Ids);

        var lookup = await LookUpAsync(cache, keys, source, known, cancellationToken);
        CacheHeaders.Write(response, lookup);
        if (lookup.Value is not { } value)
            return Problems.UnknownIndex(source.Ids);
        return TypedResults.Ok(value);
    }

    private static async Task<CacheLookup<MarketIndex?>> LookUpAsync(
        KessanHybridCache cache, CacheKeyBuilder keys, IIndexSource source, string id, CancellationToken cancellationToken) =>
        await cache.GetOrCreateLookupAsync(
            keys.MarketData(id), (context, token) => source.GetAsync(id, context, token), cancellationToken: cancellationToken);
}
