using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Redis.Tags;
using Kessan.Caching.Storage;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Entries;

/// <summary>Reads an entry and the generations of tags it is expected to carry: one MGET, or what that comes to in a cluster.</summary>
internal sealed class TaggedReader(RedisConnection connection, EntryReader entries, TagGenerations tags)
{
    public async ValueTask<TaggedReading> GetAsync(string key, StoreReadOptions read, IReadOnlyList<string> expected, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        if (read.Slide is not null || link.Topology is not { IsCluster: false })
        {
            // A sliding read is a script, and the keys of a cluster lie in many slots: all go out at once.
            var reading = entries.GetAsync(key, read, cancellationToken).AsTask();
            var asking = tags.GetAsync(expected, cancellationToken).AsTask();
            await Task.WhenAll(reading, asking).ConfigureAwait(false);
            return new TaggedReading(await reading.ConfigureAwait(false), await asking.ConfigureAwait(false));
        }

        var names = new RedisKey[1 + expected.Count];
        var name = link.Names.Entry(key);
        var shard = link.ShardOf(name);
        names[0] = name;
        for (var i = 0; i < expected.Count; i++) names[1 + i] = link.Names.Tag(expected[i]);

        using var activity = RedisTelemetry.Start("MGET", link, shard, batch: names.Length);
        try
        {
            await entries.KnowClockAsync(shard, cancellationToken).ConfigureAwait(false);
            var task = link.Database.StringGetAsync(names, RedisLink.Primary);
            var values = cancellationToken.CanBeCanceled
                ? await task.WaitAsync(cancellationToken).ConfigureAwait(false)
                : await task.ConfigureAwait(false);
            var generations = new long[expected.Count];
            for (var i = 0; i < generations.Length; i++)
            {
                if (tags.TryRead(link, expected[i], values[1 + i], out generations[i])) continue;
                generations = await tags.GetAsync(expected, cancellationToken).ConfigureAwait(false); // which makes what is missing
                break;
            }

            return new TaggedReading(await entries.ReadAsync(link, shard, name, values[0], cancellationToken).ConfigureAwait(false), generations);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "get");
        }
    }
}

/// <summary>An entry and the generations of the tags that were asked for with it, in their order.</summary>
internal readonly record struct TaggedReading(StoreReading Reading, long[] Generations);
