using System.ComponentModel;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Decorating;

/// <summary>What the generated classes have in common.</summary>
/// <typeparam name="TInterface">The interface that is decorated.</typeparam>
/// <param name="context">The cache and the implementation.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CacheDecorator<TInterface>(CacheDecoratorContext<TInterface> context)
    where TInterface : class
{
    /// <summary>The implementation in the caller's scope, for calls that are not cached.</summary>
    protected TInterface Inner => context.Inner;

    /// <summary>Writes the keys.</summary>
    protected CacheKeyBuilder Keys => context.Keys;

    /// <summary>Answers from the cache, or calls the implementation once for all who wait.</summary>
    protected ValueTask<T> CachedAsync<TArguments, T>(
        string key,
        TArguments arguments,
        Func<TInterface, TArguments, CancellationToken, ValueTask<T>> source,
        CacheDataType dataType = CacheDataType.Other,
        TimeSpan? lifetime = null,
        IReadOnlyList<string>? tags = null,
        CancellationToken cancellationToken = default)
        => context.Cache.GetOrSetAsync(
            key,
            (Context: context, Arguments: arguments, Source: source),
            static (state, token) => state.Context.CallAsync(state.Arguments, state.Source, token),
            context.Cache.OptionsFor(key, dataType, lifetime),
            tags,
            cancellationToken);

    /// <summary>The same for a method that answers with a look-up: its caller hears where the value came from.</summary>
    protected ValueTask<CacheLookup<T>> CachedLookupAsync<TArguments, T>(
        string key,
        TArguments arguments,
        Func<TInterface, TArguments, CancellationToken, ValueTask<CacheLookup<T>>> source,
        CacheDataType dataType = CacheDataType.Other,
        TimeSpan? lifetime = null,
        IReadOnlyList<string>? tags = null,
        CancellationToken cancellationToken = default)
        => context.Cache.Hybrid.GetOrCreateLookupAsync(
            key,
            (Context: context, Arguments: arguments, Source: source),
            static async (state, fill, token) => Taken(fill, await state.Context.CallAsync(state.Arguments, state.Source, token).ConfigureAwait(false)),
            context.Cache.OptionsFor(key, dataType, lifetime),
            tags,
            cancellationToken);

    /// <summary>Calls the implementation and then, whatever came of it, removes keys and tags.</summary>
    protected async ValueTask InvalidatingAsync<TArguments>(
        IReadOnlyList<string> keys,
        IReadOnlyList<string> tags,
        TArguments arguments,
        Func<TInterface, TArguments, CancellationToken, ValueTask> change,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            await change(Inner, arguments, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await InvalidateAsync(keys, tags).ConfigureAwait(false);
        }
    }

    /// <summary>Calls the implementation and then, whatever came of it, removes keys and tags.</summary>
    protected async ValueTask<T> InvalidatingAsync<TArguments, T>(
        IReadOnlyList<string> keys,
        IReadOnlyList<string> tags,
        TArguments arguments,
        Func<TInterface, TArguments, CancellationToken, ValueTask<T>> change,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            return await change(Inner, arguments, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await InvalidateAsync(keys, tags).ConfigureAwait(false);
        }
    }

    // What the implementation says holds; it is kept no longer, and not at all if it is stale.
    private static T Taken<T>(CacheFillContext fill, CacheLookup<T> made)
    {
        if (made.Found && made.TimeLeft < fill.Expiration) fill.Expiration = made.TimeLeft;
        return made.Value!;
    }

    // Not with the caller's token: what was changed must not stay in the cache because somebody left.
    private async ValueTask InvalidateAsync(IReadOnlyList<string> keys, IReadOnlyList<string> tags)
    {
        if (keys.Count > 0) await context.Cache.Hybrid.RemoveAsync(keys, CancellationToken.None).ConfigureAwait(false);
        if (tags.Count > 0) await context.Cache.Hybrid.RemoveByTagAsync(tags, CancellationToken.None).ConfigureAwait(false);
    }
}
