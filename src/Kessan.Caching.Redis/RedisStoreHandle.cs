namespace Kessan.Caching.Redis;

/// <summary>The store, or none where no address is configured: a container cannot hold null for two services at once.</summary>
/// <remarks>The container disposes the store here and as what the engine resolves; the second time is harmless.</remarks>
internal sealed record RedisStoreHandle(RedisStore? Store) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Store?.DisposeAsync() ?? ValueTask.CompletedTask;
}
