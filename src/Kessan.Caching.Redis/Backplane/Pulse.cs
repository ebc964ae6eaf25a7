using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>
/// What this node does at every heartbeat, for each primary: says that it lives and which number was its last, publishes the numbers
/// of failed operations, measures the server's clock, and looks whether it is still the same server, with the scripts it needs.
/// </summary>
internal sealed class Pulse : IAsyncDisposable
{
    // A shard that is no primary any more is spoken for so long, that receivers can find out whether its last messages reached them.
    private static readonly TimeSpan RetirementNotice = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DoubtInterval = TimeSpan.FromSeconds(1);
    private const int BeatsBetweenIdentityChecks = 10;

    private readonly RedisConnection _connection;
    private readonly RedisBackplane _backplane;
    private readonly ClockReader _clocks;
    private readonly IdentityCheck _identity;
    private readonly HearingCheck _hearing;
    private readonly HeartbeatSender _sender;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<RedisShard, Task<bool>> _beats = [];
    private readonly Dictionary<RedisShard, long> _retired = [];
    private readonly Task _beating;
    private long _awaySince;
    private bool _identityAsked = true;
    private bool _clusterAsked;
    private long _doubtedAt;
    private Task _reloading = Task.CompletedTask;
    private bool _wasConnected;

    public Pulse(
        RedisConnection connection,
        RedisBackplane backplane,
        ClockReader clocks,
        ScriptRunner runner,
        RedisStoreOptions options,
        TimeProvider time,
        ILogger logger)
    {
        _connection = connection;
        _backplane = backplane;
        _clocks = clocks;
        _identity = new IdentityCheck(backplane);
        _hearing = new HearingCheck(time);
        _sender = new HeartbeatSender(runner.Sender, time, logger);
        _interval = options.HeartbeatInterval;
        _time = time;
        _logger = logger;
        connection.Opened += _ => Wake();
        backplane.Listening += Wake;
        runner.NumberSkipped += Wake;
        connection.Changed += OnConnectionChanged;
        connection.SlotMoved += OnSlotMoved;
        using (ExecutionContext.SuppressFlow())
        {
            _beating = Task.Run(BeatUntilStoppedAsync);
        }
    }

    /// <summary>Whether this user may publish; <see langword="null"/> while that is not known.</summary>
    public bool? CanPublish => _sender.CanPublish;

    /// <summary>Beats at once instead of at the next interval.</summary>
    public void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (Exception failure) when (failure is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else woke it, or it has stopped.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Changed -= OnConnectionChanged;
        _connection.SlotMoved -= OnSlotMoved;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        _wake.Dispose();
    }

    private async Task BeatUntilStoppedAsync()
    {
        for (var count = 0; !_stopping.IsCancellationRequested; count++)
        {
            if (_connection.Link is { } link)
            {
                try
                {
                    if (count % BeatsBetweenIdentityChecks == 0) Volatile.Write(ref _identityAsked, true);
                    Beat(link);
                }
#pragma warning disable CA1031 // Without heartbeats nobody trusts this node's messages, nor it its L1: whatever it was, the next beat is tried.
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    Log.HeartbeatFailed(_logger, failure);
                }
            }

            await WaitAsync().ConfigureAwait(false);
        }
    }

    private async Task WaitAsync()
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var interval = Task.Delay(_interval, _time, waiting.Token);
        await Task.WhenAny(interval, _wake.WaitAsync(waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
    }

    private void Beat(RedisLink link)
    {
        var before = link.Topology;
        var topology = link.Refresh(out var changed);
        NoteConnected(link);
        if (topology is null) return;
        if (changed) Retire(before!, topology);

        var isIdentityAsked = Interlocked.Exchange(ref _identityAsked, false);
        if (Interlocked.Exchange(ref _clusterAsked, false) || (topology.IsCluster && !link.IsConnected) || IsDoubtful(link, topology)) Reload(link);
        if (_backplane.IsWanted && topology.Primaries.All(IsBeating) && _hearing.IsDeaf(_backplane.LastProof)) _backplane.Renew();
        foreach (var shard in topology.Primaries)
        {
            _retired.Remove(shard);
            if (isIdentityAsked) shard.AskIdentity();
            if (!shard.IsConnected) continue;
            if (_beats.TryGetValue(shard, out var last) && !last.IsCompleted) continue; // it hangs; the client's timeout ends it
            var beat = BeatAsync(link, shard, shard.Server, shard.TakeIdentityAsked() || !shard.IsIdentityKnown);
            _beats[shard] = beat;
            _ = FollowAsync(shard, beat);
        }

        foreach (var (shard, since) in _retired)
        {
            if (_time.GetElapsedTime(since) > RetirementNotice) _retired.Remove(shard);
            else if (topology.Primaries[0].IsConnected) Unobserved.Ignore(_sender.SendAsync(link, shard, topology.Primaries[0].Server));
        }
    }

    /// <summary>A primary that is gone may have taken the last writes with it; slots that moved from one to another did not.</summary>
    private void Retire(RedisTopology before, RedisTopology now)
    {
        RedisShard[] gone = [.. before.Primaries.Except(now.Primaries)];
        foreach (var shard in gone)
        {
            _retired[shard] = _time.GetTimestamp();
            _beats.Remove(shard);
        }

        if (gone.Length > 0) _backplane.ServerChanged();
    }

    /// <summary>
    /// A number that was skipped, or a look at the server's identity that was asked for, while a beat was under way does not wait for the next
    /// interval. Only then is one beat the cause of another: if each made up for those that it was in the way of, the primaries of a cluster would
    /// keep each other going.
    /// </summary>
    private async Task FollowAsync(RedisShard shard, Task<bool> beat)
    {
        if ((await beat.ConfigureAwait(false) && shard.HasVoids) || shard.IsIdentityAsked) Wake();
    }

    /// <returns>Whether it was published, with all numbers that had been skipped before.</returns>
    private async Task<bool> BeatAsync(RedisLink link, RedisShard shard, IServer server, bool checkIdentity)
    {
        try
        {
            if (checkIdentity) await _identity.CheckAsync(shard).ConfigureAwait(false);
            var isPublished = await _sender.SendAsync(link, shard, server).ConfigureAwait(false);
            await _clocks.MeasureAsync(shard).ConfigureAwait(false);
            return isPublished;
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, _stopping.Token))
        {
            Log.OperationFailed(_logger, "heartbeat", failure);
            return false;
        }
    }

    private void OnConnectionChanged(ConnectionFailedEventArgs change, bool restored)
    {
        Volatile.Write(ref _identityAsked, true);
        Wake();
    }

    // A slot that moved is asked about once, however many commands were sent on.
    private void OnSlotMoved()
    {
        if (!Interlocked.Exchange(ref _clusterAsked, true)) Wake();
    }

    /// <summary>Whether the roles of servers must be asked for: a write found a replica, or the only one known is one.</summary>
    private bool IsDoubtful(RedisLink link, RedisTopology topology)
    {
        if (!link.TakeDoubt() && (topology.IsCluster || topology.Primaries[0] is not { IsConnected: true, Server.IsReplica: true })) return false;
        if (_doubtedAt != 0 && _time.GetElapsedTime(_doubtedAt) < DoubtInterval)
        {
            link.DoubtRoles(); // a later beat asks
            return false;
        }

        _doubtedAt = _time.GetTimestamp();
        return true;
    }

    /// <summary>Whether its last heartbeat was taken.</summary>
    private bool IsBeating(RedisShard shard) => _beats.TryGetValue(shard, out var beat) && beat is { IsCompletedSuccessfully: true, Result: true };

    private void Reload(RedisLink link)
    {
        if (_reloading.IsCompleted) _reloading = ReloadAsync();
        else Volatile.Write(ref _clusterAsked, true); // at the next beat

        async Task ReloadAsync()
        {
            try
            {
                if (await link.ReloadAsync().ConfigureAwait(false)) Wake();
            }
            catch (Exception failure) when (RedisFailures.IsFailure(failure, _stopping.Token))
            {
                Log.OperationFailed(_logger, "cluster nodes", failure);
            }
        }
    }

    private void NoteConnected(RedisLink link)
    {
        var connected = link.IsConnected;
        if (connected == _wasConnected) return;
        _wasConnected = connected;
        if (!connected)
        {
            _awaySince = _time.GetTimestamp();
            Log.Away(_logger);
        }
        else if (_awaySince == 0)
        {
            Log.Connected(_logger, string.Join(", ", link.Topology!.Primaries.Select(shard => EndPointNames.Format(shard.EndPoint))));
        }
        else
        {
            Log.Back(_logger, _time.GetElapsedTime(_awaySince).TotalSeconds);
        }
    }
}
