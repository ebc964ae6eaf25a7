using System.ComponentModel;
using Kessan.Caching.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Decorating;

/// <summary>What a generated class is given: the cache, and how to get at the implementation.</summary>
/// <typeparam name="TInterface">The interface that both implement.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CacheDecoratorContext<TInterface>
    where TInterface : class
{
    private readonly IServiceProvider _services;
    private readonly Func<IServiceProvider, TInterface> _implementation;
    private readonly IServiceScopeFactory? _scopes;
    private TInterface? _inner;

    /// <param name="services">The caller's scope.</param>
    /// <param name="implementation">Gets the implementation.</param>
    /// <param name="ownScope">Whether a source runs in a scope of its own, since it outlives the caller's.</param>
    internal CacheDecoratorContext(IServiceProvider services, Func<IServiceProvider, TInterface> implementation, bool ownScope)
    {
        _services = services;
        _implementation = implementation;
        _scopes = ownScope ? services.GetRequiredService<IServiceScopeFactory>() : null;
        Cache = services.GetRequiredService<CacheService>();
        Keys = services.GetRequiredService<CacheKeyBuilder>();
    }

    internal CacheService Cache { get; }

    internal CacheKeyBuilder Keys { get; }

    /// <summary>The implementation in the caller's scope; made when it is first needed, which a hit never does.</summary>
    internal TInterface Inner => _inner ??= _implementation(_services);

    /// <summary>Calls the implementation for a value that is to be cached.</summary>
    internal ValueTask<T> CallAsync<TArguments, T>(
        TArguments arguments, Func<TInterface, TArguments, CancellationToken, ValueTask<T>> source, CancellationToken cancellationToken)
        => _scopes is null ? source(Inner, arguments, cancellationToken) : CallInScopeAsync(_scopes, arguments, source, cancellationToken);

    private async ValueTask<T> CallInScopeAsync<TArguments, T>(
        IServiceScopeFactory scopes,
        TArguments arguments,
        Func<TInterface, TArguments, CancellationToken, ValueTask<T>> source,
        CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        return await source(_implementation(scope.ServiceProvider), arguments, cancellationToken).ConfigureAwait(false);
    }
}
