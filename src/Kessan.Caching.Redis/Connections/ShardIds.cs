namespace Kessan.Caching.Redis.Connections;

/// <summary>
/// The numbers of this node's sequences, each used once: receivers know a sequence by its number, and one that began anew under an old number
/// would look as if nothing came. Safe for concurrent use.
/// </summary>
internal sealed class ShardIds
{
    private int _last = -1;

    public int Next() => Interlocked.Increment(ref _last);
}
