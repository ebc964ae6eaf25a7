using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Tests.Client;

public sealed class SessionRemovalTests
{
    [Fact]
    public async Task Remove_TheServicesStoreIsAway_IsNotAcknowledged()
    {
        await using var node = await ServiceNode.StartAsync();
        await using var consumer = ServiceStores.Open(node.Address);
        node.Store!.IsAway = true;

        // The consumer keeps it, and sends it again: nobody else would, if this replica went.
        var failure = await Assert.ThrowsAsync<CacheStoreException>(
            () => consumer.Store().RemoveAsync("user_session:u", TestContext.Current.CancellationToken).AsTask());

        Assert.False(failure.IsRefusal);
    }
}
