namespace Kessan.Caching.Storage;

/// <summary>Who hears of changes in the store. Calls come one at a time, in the order of arrival, and must not block.</summary>
public interface IStoreSubscriber
{
    /// <summary>A change, or a heartbeat with the last sequence of a sender.</summary>
    void OnMessage(in StoreMessage message);

    /// <summary>
    /// The channel has proved that it is whole: whatever was sent up to <paramref name="age"/> ago has been delivered, unless a gap in
    /// the sequences says otherwise.
    /// </summary>
    void OnAlive(TimeSpan age);

    /// <summary>
    /// Messages may have been lost (subscription cut, stream reset, too old to resume): what the node holds must be revalidated.
    /// </summary>
    void OnLost();

    /// <summary>
    /// The server is another one than before, or the same one after a restart or a failover: acknowledged writes of the last seconds
    /// may be gone.
    /// </summary>
    void OnServerChanged();
}
