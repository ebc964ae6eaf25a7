using Kessan.Caching.Storage;

namespace Kessan.Caching.Repair;

/// <summary>What became of one item of a batch.</summary>
/// <param name="Result">The store's answer, if there is no <paramref name="Failure"/>.</param>
/// <param name="Failure">Why there is none.</param>
internal readonly record struct ItemOutcome<T>(T? Result, Exception? Failure)
{
    /// <summary>The store will never take it.</summary>
    public bool IsRefused => Failure is CacheStoreException { IsRefusal: true };

    /// <summary>The store does not take it now.</summary>
    public bool IsLost => Failure is not null && !IsRefused;
}

/// <summary>A batch in which one item that the store does not take keeps the others from nothing.</summary>
internal static class PartialBatch
{
    /// <summary>Asks for all items at once, and if that fails for each by itself.</summary>
    public static async ValueTask<ItemOutcome<T>[]> RunAsync<TItem, T>(TItem[] items, Func<TItem[], ValueTask<T[]>> ask)
    {
        if (items.Length == 0) return [];
        try
        {
            var results = await ask(items).ConfigureAwait(false);
            return Array.ConvertAll(results, static result => new ItemOutcome<T>(result, null));
        }
        catch (Exception failure) when (failure is CacheStoreException or TimeoutException)
        {
            if (items.Length == 1) return [new ItemOutcome<T>(default, failure)];
        }

        var outcomes = await Task.WhenAll(items.Select(item => RunAsync([item], ask).AsTask())).ConfigureAwait(false);
        return Array.ConvertAll(outcomes, static outcome => outcome[0]);
    }
}
