using Kessan.CacheHost.Entries;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.CacheHost.Entities;

/// <summary>Market indices.</summary>
internal static class MarketEndpoints
{
    private const string Route = "/markets/{index}";

    public static RouteGroupBuilder MapMarkets(this RouteGroupBuilder api)
    {
        var markets = api.MapGroup("").WithTags("Markets").WithMetadata(LoadMark.Request);
        markets.MapGet(Route, GetAsync).Requires(AccessScope.Read).GivesEntry().WithSummary("Reads a market index");
        markets.MapPut(Route, PutAsync).Requires(AccessScope.Write).TakesEntry().WithSummary("Writes a market index");
        return api;
    }

    private static Task<Results<EntryResult, RequestProblem>> GetAsync(
        string index, EntityKeys keys, EntryDesk desk, ApiClient client, HttpRequest request, CancellationToken cancellationToken)
        => desk.ReadAsync(keys.Build(client, builder => builder.MarketData(index)), request, cancellationToken);

    private static Task<WriteResult> PutAsync(
        string index,
        [AsParameters] EntryParameters parameters,
        EntityKeys keys,
        EntryDesk desk,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
        => desk.WriteAsync(keys.Build(client, builder => builder.MarketData(index)), parameters, context, cancellationToken);
}
