using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Security;

namespace Kessan.CacheHost.Requests;

/// <summary>
/// Decodes what stands in the path (key, tag, ticker, user), once, and checks keys: whatever row has a <c>{key}</c>, its handler gets
/// one that is valid and that the client may touch.
/// </summary>
internal sealed class RouteDecodingMiddleware(RequestDelegate next, RequestRules rules)
{
    public Task InvokeAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        if (values.Count == 0 || context.Features.Get<ApiClient>() is not { } client) return next(context);

        foreach (var (name, value) in values)
        {
            if (value is not string text) continue;
            if (!PercentEncoding.TryDecode(text, out var decoded))
            {
                return new RequestProblem(ProblemKind.InvalidKey, $"The {name} in the path is not percent-encoded UTF-8.").ExecuteAsync(context);
            }

            if (RequestRules.HasDotSegment(decoded))
            {
                return new RequestProblem(ProblemKind.InvalidKey, $"The {name} must not be or hold a segment '.' or '..'.").ExecuteAsync(context);
            }

            var problem = name switch
            {
                "key" => rules.CheckKey(client, decoded),
                "tag" => rules.CheckTag(decoded),
                _ => RequestRules.CheckText(name, decoded),
            };
            if (problem is not null) return problem.ExecuteAsync(context);
            if (!ReferenceEquals(decoded, text)) values[name] = decoded;
        }

        return next(context);
    }
}
