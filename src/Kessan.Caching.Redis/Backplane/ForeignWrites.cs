using System.Collections.Concurrent;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>
/// Hears the server's keyspace notifications and hands on those that no node of ours caused, as messages without a number.
/// </summary>
/// <remarks>
/// Our own writes are notified too, and in no order to our messages. So every notification is checked: a value with our envelope was
/// written by one of us and has its own message; an absent one may have been removed by us, which a message says within moments.
/// </remarks>
internal sealed class ForeignWrites(TimeProvider time, ILogger logger, Action<StoreMessage> deliver)
{
    public const string Sender = "foreign";

    private const int Remembered = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // Keys that one of us removed, and when.
    private readonly ConcurrentDictionary<string, long> _removed = [];
    private Task? _started;
    private ChannelMessageQueue? _queue;

    /// <summary>Whether notifications are heard on the last client that was named.</summary>
    public bool IsStarted => _started is { IsCompletedSuccessfully: true };

    /// <summary>Begins; one that is still under way is waited for, one that failed is tried again. Not safe for concurrent use.</summary>
    public Task StartAsync(RedisLink link)
    {
        if (_started is null or { IsFaulted: true } or { IsCanceled: true }) _started = SubscribeAsync(link);
        return _started;
    }

    public async Task StopAsync()
    {
        _started = null;
        if (Interlocked.Exchange(ref _queue, null) is { } queue) await queue.UnsubscribeAsync().ConfigureAwait(false);
        _removed.Clear();
    }

    /// <summary>A message of one of us.</summary>
    public void Note(in StoreMessage message)
    {
        if (message.Kind == StoreMessageKind.Set) _removed.TryRemove(message.Subject, out _);
        if (message.Kind != StoreMessageKind.Removed) return;
        if (_removed.Count >= Remembered) _removed.Clear();
        _removed[message.Subject] = time.GetTimestamp();
    }

    private async Task SubscribeAsync(RedisLink link)
    {
        if (_queue is null)
        {
            _queue = await link.Multiplexer.GetSubscriber()
                .SubscribeAsync(RedisChannel.KeySpacePattern("*", link.Database.Database)).ConfigureAwait(false);
            _queue.OnMessage(message => OnNotification(link, message));
        }

        await WarnIfSilentAsync(link).ConfigureAwait(false);
    }

    private void OnNotification(RedisLink link, ChannelMessage message)
    {
        if (!message.TryParseKeyNotification(out var notification) || !Changes(notification.Type)) return;
        var name = (string?)notification.GetKey();
        if (name is null || link.Names.KeyOf(name) is not { } key) return;
        _ = DeliverUnlessOursAsync(link, name, key, notification.Type is KeyNotificationType.Del or KeyNotificationType.RenameFrom);
    }

    private async Task DeliverUnlessOursAsync(RedisLink link, string name, string key, bool removed)
    {
        try
        {
            var (isOurs, isAbsent) = await LookAsync(link, name).ConfigureAwait(false);
            if (isAbsent)
            {
                await Task.Delay(Patience, time).ConfigureAwait(false);
                (isOurs, isAbsent) = await LookAsync(link, name).ConfigureAwait(false);
                isOurs |= isAbsent && _removed.TryGetValue(key, out var at) && time.GetElapsedTime(at) < Memory;
            }

            if (isOurs) return;
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, CancellationToken.None))
        {
            Log.OperationFailed(logger, "check a notification", failure);
        }

        Deliver(key, removed);
    }

    private static async Task<(bool IsOurs, bool IsAbsent)> LookAsync(RedisLink link, string name)
    {
        ReadOnlyMemory<byte> start = await link.Database.StringGetRangeAsync(name, 0, 63, RedisLink.Primary).ConfigureAwait(false);
        return (StoredEntryFormat.TryReadVersion(start.Span, out _), start.IsEmpty);
    }

    private void Deliver(string key, bool removed)
        => deliver(new StoreMessage(removed ? StoreMessageKind.Removed : StoreMessageKind.Set, Sender, 0, 0, key, 0));

    /// <summary>Whether a kind of notification may mean another value: not a new end of life, and not what our own sliding does.</summary>
    private static bool Changes(KeyNotificationType type) => type is not
        (KeyNotificationType.Expire or KeyNotificationType.Expired or KeyNotificationType.Evicted or KeyNotificationType.Persist
        or KeyNotificationType.SetRange or KeyNotificationType.New or KeyNotificationType.KeyMiss);

    private async Task WarnIfSilentAsync(RedisLink link)
    {
        try
        {
            foreach (var shard in link.Primaries)
            {
                // By name and in vain where the client's admin mode is off; then nothing is said.
                var setting = await shard.Server.ExecuteAsync("CONFIG", "GET", "notify-keyspace-events").ConfigureAwait(false);
                var value = setting.Length < 2 ? "" : (string?)setting[1] ?? "";
                if (!value.Contains('K') || !(value.Contains('A') || (value.Contains('g') && value.Contains('$'))))
                    Log.NoKeyspaceNotifications(logger);
            }
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, CancellationToken.None) || failure is CacheStoreException)
        {
            Log.OperationFailed(logger, "look for keyspace notifications", failure);
        }
    }
}
