using System.Globalization;
using System.Text.Json;
using Kessan.Caching.Client.Coherence;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client.Events;

/// <summary>Turns what the event stream says into what a subscriber and the memory of changes must know.</summary>
/// <remarks>Not safe for concurrent use; outlives connections, because the ids do.</remarks>
internal sealed class EventDispatcher(IStoreSubscriber subscriber, RecentChanges recent, TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();
    private TransitClock _transit = new(TimeSpan.Zero);
    private string _node = "";
    private long _number;
    private bool _isResuming;

    /// <summary>Where the next connection goes on; <see langword="null"/>: there was none yet.</summary>
    public string? LastEventId => _node.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{_node}:{_number}");

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>A connection is asked for.</summary>
    public void Requested()
    {
        _transit = new TransitClock(Now);
        _isResuming = _node.Length != 0;
    }

    /// <returns><see langword="false"/>: the service says that this connection ends.</returns>
    public bool Dispatch(in SseItem item)
    {
        if (item.Comment is { } comment)
        {
            if (Heartbeat.TryParse(comment, out var heartbeat)) Beat(heartbeat);
            return true;
        }

        if (item.Name == "stopping") return false;
        if (item.Id is null || !TryParse(item.Id, out var node, out var number)) return true;

        var isStart = _node != node;
        (_node, _number) = (node, number);
        if (isStart && !_isResuming) recent.Everything(); // what was changed before this moment was not heard
        if (item.Data is null)
        {
            if (!isStart) subscriber.OnMessage(new StoreMessage(StoreMessageKind.Void, node, 0, number, "", 0));
            return true;
        }

        Tell(item.Name, Parse(item.Data));
        return true;
    }

    private void Tell(string? name, EventBody body)
    {
        switch (name)
        {
            case "key" when body.Key is { } key:
                recent.Key(key, body.Version);
                Tell(body.Change == "set" ? StoreMessageKind.Set : StoreMessageKind.Removed, key, body.Version);
                break;
            case "tag" when body.Tag is { } tag:
                recent.Tag(tag);
                Tell(StoreMessageKind.TagRemoved, tag, body.Version);
                break;
            case "lease" when body.Key is { } key:
                Tell(StoreMessageKind.LeaseReleased, key, body.Version);
                break;
            case "reset":
                Lose(body.Reason == "server_changed");
                break;
            default:
                Tell(StoreMessageKind.Void, "", 0); // of a later version of the service
                break;
        }
    }

    private void Tell(StoreMessageKind kind, string subject, long version)
        => subscriber.OnMessage(new StoreMessage(kind, _node, 0, _number, subject, version));

    private void Lose(bool isOtherServer = false)
    {
        // Some replicas may not have heard yet of what we missed: for a while the store itself is asked.
        recent.Everything();
        if (isOtherServer) subscriber.OnServerChanged();
        subscriber.OnLost();
    }

    private void Beat(Heartbeat heartbeat)
    {
        if (_node.Length == 0) return;
        var delay = _transit.Delay(Now, heartbeat.Uptime);
        subscriber.OnMessage(new StoreMessage(StoreMessageKind.Heartbeat, _node, 0, heartbeat.Number, "", 0));
        if (heartbeat.Silence is { } silence && heartbeat.Number == _number) subscriber.OnAlive(silence + delay);
    }

    private static bool TryParse(string id, out string node, out long number)
    {
        var colon = id.LastIndexOf(':');
        number = 0;
        node = colon > 0 ? id[..colon] : "";
        return colon > 0 && long.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static EventBody Parse(string data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, ServiceJson.Default.EventBody) ?? new EventBody();
        }
        catch (JsonException failure)
        {
            throw new CacheStoreException("The cache service sent an event that cannot be understood.", failure);
        }
    }
}
