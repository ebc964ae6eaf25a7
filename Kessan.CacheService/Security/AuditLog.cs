namespace Kessan.CacheHost.Security;

/// <summary>Who used what needs the scope <c>admin</c>. Rows, not keys: those may be personal.</summary>
internal sealed class AuditLog(ILogger<AuditLog> logger)
{
    public void Write(ApiClient client, HttpContext context)
        => Log.AdminUsed(logger, client.Name, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "");
}
