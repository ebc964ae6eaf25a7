using System.ComponentModel;
using System.Globalization;
using Kessan.CacheHost.Entries;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Kessan.Caching.Keys;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.CacheHost.Entities;

/// <summary>What is kept about a stock, by ticker.</summary>
internal static class StockEndpoints
{
    public static RouteGroupBuilder MapStocks(this RouteGroupBuilder api)
    {
        var stocks = api.MapGroup("/stocks/{ticker}").WithTags("Stocks").WithMetadata(LoadMark.Request);
        Map("/price", "the latest price of a stock, or that of one day", GetPriceAsync, PutPriceAsync);
        Map("/financials/{kind}/{period}", "financial statements of a stock", GetFinancialsAsync, PutFinancialsAsync);
        Map("/news/{category}", "news about a stock", GetNewsAsync, PutNewsAsync);
        Map("/analysis/{kind}", "an analysis of a stock", GetAnalysisAsync, PutAnalysisAsync);
        stocks.MapDelete("", DeleteAsync).Requires(AccessScope.Write)
            .WithSummary("Removes all entries about a stock, however they were put, on all nodes")
            .AnswersJson(StatusCodes.Status200OK, "How many Redis still held fresh.", typeof(DeletedAnswer), """{"deleted":3}""")
            .Answers(StatusCodes.Status202Accepted, "Redis is away: invalidated here, and there when it is back.");
        return api;

        void Map(string route, string what, Delegate get, Delegate put)
        {
            stocks.MapGet(route, get).Requires(AccessScope.Read).GivesEntry().WithSummary($"Reads {what}");
            stocks.MapPut(route, put).Requires(AccessScope.Write).TakesEntry().WithSummary($"Writes {what}");
        }
    }

    private static Task<Results<EntryResult, RequestProblem>> GetPriceAsync(
        string ticker,
        [FromQuery, Description("The day, as 2024-01-15; without one the latest price.")] string? date,
        EntityKeys keys,
        EntryDesk desk,
        ApiClient client,
        HttpRequest request,
        CancellationToken cancellationToken)
        => desk.ReadAsync(keys.Build(client, builder => Price(builder, ticker, date)), request, cancellationToken);

    private static Task<WriteResult> PutPriceAsync(
        string ticker,
        [FromQuery, Description("The day, as 2024-01-15; without one the latest price.")] string? date,
        [AsParameters] EntryParameters parameters,
        EntityKeys keys,
        EntryDesk desk,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
        => desk.WriteAsync(keys.Build(client, builder => Price(builder, ticker, date)), parameters, context, cancellationToken);

    private static Task<Results<EntryResult, RequestProblem>> GetFinancialsAsync(
        string ticker, string kind, string period, EntityKeys keys, EntryDesk desk, ApiClient client, HttpRequest request, CancellationToken cancellationToken)
        => desk.ReadAsync(keys.Build(client, builder => builder.FinancialData(ticker, kind, period)), request, cancellationToken);

    private static Task<WriteResult> PutFinancialsAsync(
        string ticker,
        string kind,
        string period,
        [AsParameters] EntryParameters parameters,
        EntityKeys keys,
        EntryDesk desk,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
        => desk.WriteAsync(keys.Build(client, builder => builder.FinancialData(ticker, kind, period)), parameters, context, cancellationToken);

    private static Task<Results<EntryResult, RequestProblem>> GetNewsAsync(
        string ticker, string category, EntityKeys keys, EntryDesk desk, ApiClient client, HttpRequest request, CancellationToken cancellationToken)
        => desk.ReadAsync(keys.Build(client, builder => builder.NewsData(ticker, category)), request, cancellationToken);

    private static Task<WriteResult> PutNewsAsync(
        string ticker,
        string category,
        [AsParameters] EntryParameters parameters,
        EntityKeys keys,
        EntryDesk desk,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
        => desk.WriteAsync(keys.Build(client, builder => builder.NewsData(ticker, category)), parameters, context, cancellationToken);

    private static Task<Results<EntryResult, RequestProblem>> GetAnalysisAsync(
        string ticker, string kind, EntityKeys keys, EntryDesk desk, ApiClient client, HttpRequest request, CancellationToken cancellationToken)
        => desk.ReadAsync(keys.Build(client, builder => builder.AiAnalysis(ticker, kind)), request, cancellationToken);

    private static Task<WriteResult> PutAnalysisAsync(
        string ticker,
        string kind,
        [AsParameters] EntryParameters parameters,
        EntityKeys keys,
        EntryDesk desk,
        ApiClient client,
        HttpContext context,
        CancellationToken cancellationToken)
        => desk.WriteAsync(keys.Build(client, builder => builder.AiAnalysis(ticker, kind)), parameters, context, cancellationToken);

    private static async Task<Results<JsonHttpResult<DeletedAnswer>, StatusCodeHttpResult, RequestProblem>> DeleteAsync(
        string ticker, CacheManager manager, RequestRules rules, ApiClient client, CancellationToken cancellationToken)
    {
        var tag = CacheKeys.StockTag(ticker);
        if ((rules.CheckStockTag(tag) ?? RequestRules.CheckReach(client, tag)) is { } problem) return problem;
        return await manager.InvalidateStockAsync(ticker, cancellationToken) is { } deleted
            ? TypedResults.Json(new DeletedAnswer(deleted), ServiceJson.Default.DeletedAnswer)
            : TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private static string Price(CacheKeyBuilder builder, string ticker, string? date)
    {
        if (date is null) return builder.StockPrice(ticker);
        return DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? builder.StockPrice(ticker, day)
            : throw RequestProblem.Invalid("The date is a day of the calendar, as 2024-01-15.").AsException();
    }
}
