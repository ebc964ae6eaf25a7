using Kessan.Caching;

namespace Kessan.MarketApi.Sources;

/// <summary>How long what a source makes may be kept, where that follows from what it is made of.</summary>
internal static class FillHolds
{
    /// <summary>Keeps what is being made no longer than this.</summary>
    public static void HoldFor(this CacheFillContext context, TimeSpan time)
    {
        if (context.Expiration > time)
            context.Expiration = time;
    }

    /// <summary>
    /// The value of a look-up that something else is made of. Nothing is made of a stale one, for it would pass for fresh: its own last
    /// value is then given instead, and says that it is stale.
    /// </summary>
    /// <exception cref="SourceException">The value is stale: the source behind it cannot be asked at present.</exception>
    public static T Fresh<T>(this CacheLookup<T> part)
        where T : class => part is { IsStale: false, Value: { } value } ? value : throw new SourceException("What this is made of is stale.");
}
