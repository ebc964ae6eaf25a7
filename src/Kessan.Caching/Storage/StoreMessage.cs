namespace Kessan.Caching.Storage;

/// <summary>One message of the backplane.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Sender">The node that caused it, or for the cache service's event stream the replica that relays it.</param>
/// <param name="Shard">Which of the sender's sequences <paramref name="Sequence"/> belongs to: messages of one shard keep their order.</param>
/// <param name="Sequence">
/// The place in the sender's sequence, from 1 without holes; for a heartbeat the last one sent. 0: the sender does not number its
/// messages (a foreign writer).
/// </param>
/// <param name="Subject">The key or the tag; empty for a heartbeat and a void.</param>
/// <param name="Version">The version that the store issued for the change; 0 where there is none.</param>
public readonly record struct StoreMessage(
    StoreMessageKind Kind, string Sender, int Shard, long Sequence, string Subject, long Version);
