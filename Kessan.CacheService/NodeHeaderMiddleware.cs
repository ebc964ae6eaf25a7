namespace Kessan.CacheHost;

/// <summary>Names the replica in every answer.</summary>
internal sealed class NodeHeaderMiddleware(RequestDelegate next, NodeIdentity node)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers[KessanHeaders.Node] = node.Name;
        return next(context);
    }
}
