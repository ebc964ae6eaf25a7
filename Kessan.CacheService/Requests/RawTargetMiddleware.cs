using Microsoft.AspNetCore.Http.Features;

namespace Kessan.CacheHost.Requests;

/// <summary>
/// Makes routing see the path as it was sent. The server's own decoding would take <c>%252F</c> for <c>%2F</c>, let dot segments reach
/// another row, and make a key that is named like a row (<c>%62atch</c>) that row; here a key is decoded once, by
/// <see cref="RouteDecodingMiddleware"/>, after routing.
/// </summary>
internal sealed class RawTargetMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = PathOf(target);
        if (!path.IsEmpty && !path.SequenceEqual(context.Request.Path.Value)) context.Request.Path = new PathString(path.ToString());
        return next(context);
    }

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target)
    {
        if (target.IsEmpty) return [];
        if (target[0] != '/')
        {
            // The absolute form, as it is sent to proxies; the asterisk of OPTIONS has no path.
            var scheme = target.IndexOf("://");
            if (scheme < 0) return [];
            var rest = target[(scheme + 3)..];
            var slash = rest.IndexOfAny('/', '?');
            if (slash < 0 || rest[slash] == '?') return "/";
            target = rest[slash..];
        }

        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }
}
