using System.Runtime.CompilerServices;
using Kessan.Caching.Keys;

namespace Kessan.Caching;

/// <summary>Puts the cache before any function, with any key; what <see cref="CacheResultAttribute"/> does for interface methods.</summary>
/// <remarks>
/// The functions that come back are safe for concurrent use. The data type decides the lifetime, the key everything else. More than four
/// arguments go as one, a tuple or a record.
/// </remarks>
public static class CacheServiceWrapping
{
    /// <summary>Wraps a function without arguments.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="dataType">Decides the lifetime; <see cref="CacheDataType.Other"/>: the key's own prefix does.</param>
    /// <param name="function">The function; it runs once for all who wait for it.</param>
    [OverloadResolutionPriority(1)]
    public static Func<CancellationToken, ValueTask<TResult>> Wrap<TResult>(
        this CacheService cache, string key, CacheDataType dataType, Func<CancellationToken, ValueTask<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(function);
        return cancellationToken => cache.GetOrSetAsync(
            key, function, static (call, token) => call(token), cache.OptionsFor(key, dataType), null, cancellationToken);
    }

    /// <summary>Wraps a function of one argument.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="keyOf">The key for an argument; use <see cref="CacheService.Keys"/> for parts that come from outside.</param>
    /// <param name="dataType">Decides the lifetime; <see cref="CacheDataType.Other"/>: the key's own prefix does.</param>
    /// <param name="function">The function; it runs once for all who wait for the same key.</param>
    [OverloadResolutionPriority(1)]
    public static Func<T1, CancellationToken, ValueTask<TResult>> Wrap<T1, TResult>(
        this CacheService cache, Func<T1, string> keyOf, CacheDataType dataType, Func<T1, CancellationToken, ValueTask<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(keyOf);
        ArgumentNullException.ThrowIfNull(function);
        return (first, cancellationToken) =>
        {
            var key = keyOf(first);
            return cache.GetOrSetAsync(
                key, (function, first), static (call, token) => call.function(call.first, token), cache.OptionsFor(key, dataType), null, cancellationToken);
        };
    }

    /// <summary>Wraps a function of two arguments.</summary>
    /// <inheritdoc cref="Wrap{T1, TResult}(CacheService, Func{T1, string}, CacheDataType, Func{T1, CancellationToken, ValueTask{TResult}})"/>
    [OverloadResolutionPriority(1)]
    public static Func<T1, T2, CancellationToken, ValueTask<TResult>> Wrap<T1, T2, TResult>(
        this CacheService cache, Func<T1, T2, string> keyOf, CacheDataType dataType, Func<T1, T2, CancellationToken, ValueTask<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        ArgumentNullException.ThrowIfNull(function);
        var wrapped = cache.Wrap<(T1, T2), TResult>(
            arguments => keyOf(arguments.Item1, arguments.Item2), dataType, (arguments, token) => function(arguments.Item1, arguments.Item2, token));
        return (first, second, cancellationToken) => wrapped((first, second), cancellationToken);
    }

    /// <summary>Wraps a function of three arguments.</summary>
    /// <inheritdoc cref="Wrap{T1, TResult}(CacheService, Func{T1, string}, CacheDataType, Func{T1, CancellationToken, ValueTask{TResult}})"/>
    [OverloadResolutionPriority(1)]
    public static Func<T1, T2, T3, CancellationToken, ValueTask<TResult>> Wrap<T1, T2, T3, TResult>(
        this CacheService cache, Func<T1, T2, T3, string> keyOf, CacheDataType dataType, Func<T1, T2, T3, CancellationToken, ValueTask<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        ArgumentNullException.ThrowIfNull(function);
        var wrapped = cache.Wrap<(T1, T2, T3), TResult>(
            arguments => keyOf(arguments.Item1, arguments.Item2, arguments.Item3),
            dataType,
            (arguments, token) => function(arguments.Item1, arguments.Item2, arguments.Item3, token));
        return (first, second, third, cancellationToken) => wrapped((first, second, third), cancellationToken);
    }

    /// <summary>Wraps a function of four arguments.</summary>
    /// <inheritdoc cref="Wrap{T1, TResult}(CacheService, Func{T1, string}, CacheDataType, Func{T1, CancellationToken, ValueTask{TResult}})"/>
    [OverloadResolutionPriority(1)]
    public static Func<T1, T2, T3, T4, CancellationToken, ValueTask<TResult>> Wrap<T1, T2, T3, T4, TResult>(
        this CacheService cache,
        Func<T1, T2, T3, T4, string> keyOf,
        CacheDataType dataType,
        Func<T1, T2, T3, T4, CancellationToken, ValueTask<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        ArgumentNullException.ThrowIfNull(function);
        var wrapped = cache.Wrap<(T1, T2, T3, T4), TResult>(
            arguments => keyOf(arguments.Item1, arguments.Item2, arguments.Item3, arguments.Item4),
            dataType,
            (arguments, token) => function(arguments.Item1, arguments.Item2, arguments.Item3, arguments.Item4, token));
        return (first, second, third, fourth, cancellationToken) => wrapped((first, second, third, fourth), cancellationToken);
    }

    /// <summary>Wraps a function without arguments that returns a <see cref="Task{TResult}"/>.</summary>
    /// <inheritdoc cref="Wrap{TResult}(CacheService, string, CacheDataType, Func{CancellationToken, ValueTask{TResult}})"/>
    public static Func<CancellationToken, ValueTask<TResult>> Wrap<TResult>(
        this CacheService cache, string key, CacheDataType dataType, Func<CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return cache.Wrap<TResult>(key, dataType, token => new ValueTask<TResult>(function(token)));
    }

    /// <summary>Wraps a function of one argument that returns a <see cref="Task{TResult}"/>.</summary>
    /// <inheritdoc cref="Wrap{T1, TResult}(CacheService, Func{T1, string}, CacheDataType, Func{T1, CancellationToken, ValueTask{TResult}})"/>
    public static Func<T1, CancellationToken, ValueTask<TResult>> Wrap<T1, TResult>(
        this CacheService cache, Func<T1, string> keyOf, CacheDataType dataType, Func<T1, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return cache.Wrap<T1, TResult>(keyOf, dataType, (first, token) => new ValueTask<TResult>(function(first, token)));
    }

    /// <summary>Wraps a function of two arguments that returns a <see cref="Task{TResult}"/>.</summary>
    /// <inheritdoc cref="Wrap{T1, TResult}(CacheService, Func{T1, string}, CacheDataType, Func{T1, CancellationToken, ValueTask{TResult}})"/>
    public static Func<T1, T2, CancellationToken, ValueTask<TResult>> Wrap<T1, T2, TResult>(
        this CacheService cache, Func<T1, T2, string> keyOf, CacheDataType dataType, Func<T1, T2, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return cache.Wrap<T1, T2, TResult>(keyOf, dataType, (first, second, token) => new ValueTask<TResult>(function(first, second, token)));
    }

    /// <summary>Wraps a function of three arguments that returns a <see cref="Task{TResult}"/>.</summary>
    /// <inheritdoc cref="Wrap{T1, TResult}(CacheService, Func{T1, string}, CacheDataType, Func{T1, CancellationToken, ValueTask{TResult}})"/>
    public static Func<T1, T2, T3, CancellationToken, ValueTask<TResult>> Wrap<T1, T2, T3, TResult>(
        this CacheService cache, Func<T1, T2, T3, string> keyOf, CacheDataType dataType, Func<T1, T2, T3, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return cache.Wrap<T1, T2, T3, TResult>(
            keyOf, dataType, (first, second, third, token) => new ValueTask<TResult>(function(first, second, third, token)));
    }

    /// <summary>Wraps a function of four arguments that returns a <see cref="Task{TResult}"/>.</summary>
    /// <inheritdoc cref="Wrap{T1, TResult}(CacheService, Func{T1, string}, CacheDataType, Func{T1, CancellationToken, ValueTask{TResult}})"/>
    public static Func<T1, T2, T3, T4, CancellationToken, ValueTask<TResult>> Wrap<T1, T2, T3, T4, TResult>(
        this CacheService cache,
        Func<T1, T2, T3, T4, string> keyOf,
        CacheDataType dataType,
        Func<T1, T2, T3, T4, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return cache.Wrap<T1, T2, T3, T4, TResult>(
            keyOf, dataType, (first, second, third, fourth, token) => new ValueTask<TResult>(function(first, second, third, fourth, token)));
    }
}
