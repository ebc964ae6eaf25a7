using System.Buffers;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching;
using Microsoft.AspNetCore.Http.Features;

namespace Kessan.CacheHost.Entries;

/// <summary>
/// Answers a GET of an entry that L1 has before the request is routed, bound and handled, which takes longer than the look-up. It answers only
/// what the endpoint would answer with the entry; whatever is unusual (another form of the path, no key, nothing in L1) goes the whole way, and
/// gets its answer or its problem there.
/// </summary>
internal sealed class HitMiddleware(
    RequestDelegate next, CacheEntries entries, EntryPayloads payloads, ApiKeyRing keys, RequestRules rules, LoadGate gate, EndpointDataSource endpoints)
{
    private const string Path = "/v1/entries/";

    // What stands in a path as it is, and is neither a step in it nor the end of it.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:@");

    private Endpoint? _endpoint;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method)
            || !TryGetKey(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var key)
            || EntryDesk.IsPastL1(request)
            || keys.Authenticate(context) is not { } client || !client.Has(AccessScope.Read) || rules.CheckKey(client, key) is not null
            || !entries.TryGetFromL1(key, out var lookup))
        {
            return next(context);
        }

        context.SetEndpoint(_endpoint ??= FindEndpoint()); // metrics and traces name the route
        if (gate.Enter(LoadClass.Request, client) is { } problem) return problem.ExecuteAsync(context);
        Task answering;
        try
        {
            answering = EntryResult.WriteAsync(context, payloads, lookup);
        }
        catch
        {
            gate.Leave(LoadClass.Request);
            throw;
        }

        return gate.LeaveAfterAsync(LoadClass.Request, answering);
    }

    private static bool TryGetKey(string target, out string key)
    {
        var rest = target.StartsWith(Path, StringComparison.Ordinal) ? target.AsSpan(Path.Length) : default;
        key = rest.IsEmpty || rest is "." or ".." || rest.ContainsAnyExcept(Plain) ? "" : rest.ToString();
        return key.Length > 0;
    }

    private Endpoint FindEndpoint() => endpoints.Endpoints.First(static endpoint => endpoint.Metadata.GetMetadata<EntryRead>() is not null);
}
