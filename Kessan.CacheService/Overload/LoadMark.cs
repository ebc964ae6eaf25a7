using System.Globalization;

namespace Kessan.CacheHost.Overload;

/// <summary>Endpoint metadata: which cap its requests count against. Endpoints without it are not counted: health answers under load.</summary>
/// <param name="Of">The class of one request.</param>
internal sealed record LoadMark(Func<HttpContext, LoadClass> Of)
{
    public static LoadMark Request { get; } = new(static _ => LoadClass.Request);

    /// <summary>A request for a lease waits only if it says how long, and that is a time.</summary>
    public static LoadMark LeaseWait { get; } = new(static context => double.TryParse(
            context.Request.Query["wait"], NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var wait) && wait > 0
        ? LoadClass.LeaseWait
        : LoadClass.Request);

    public static LoadMark EventStream { get; } = new(static _ => LoadClass.EventStream);
}
