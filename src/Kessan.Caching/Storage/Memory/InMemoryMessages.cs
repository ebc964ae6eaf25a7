namespace Kessan.Caching.Storage.Memory;

/// <summary>
/// What the in-memory server tells its nodes: numbers each sender's messages and gives them to all inboxes. The server's lock guards all but
/// <see cref="Deliver"/> and <see cref="Post"/>, which run the nodes' code and must be called outside it.
/// </summary>
internal sealed class InMemoryMessages
{
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private volatile InMemoryInbox[] _inboxes = [];

    public void Add(InMemoryInbox inbox) => _inboxes = [.. _inboxes, inbox];

    public void Remove(InMemoryInbox inbox) => _inboxes = [.. _inboxes.Where(one => one != inbox)];

    public void Enqueue(string sender, StoreMessageKind kind, string subject, long version)
    {
        var sequence = _sequences[sender] = _sequences.GetValueOrDefault(sender) + 1;
        Enqueue(new StoreMessage(kind, sender, 0, sequence, subject, version));
    }

    /// <summary>For every sender: one that only writes and does not listen has no timer of its own.</summary>
    public void Heartbeat(string sender)
    {
        _sequences.TryAdd(sender, 0);
        foreach (var (one, last) in _sequences) Enqueue(new StoreMessage(StoreMessageKind.Heartbeat, one, 0, last, "", 0));
    }

    public void Deliver()
    {
        foreach (var inbox in _inboxes) inbox.Deliver();
    }

    public void Post(Action<IStoreSubscriber> tell)
    {
        foreach (var inbox in _inboxes) inbox.Post(tell);
    }

    private void Enqueue(StoreMessage message)
    {
        foreach (var inbox in _inboxes) inbox.Enqueue(message);
    }
}
