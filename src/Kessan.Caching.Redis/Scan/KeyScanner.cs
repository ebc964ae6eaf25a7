using System.Globalization;
using System.Text;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Entries;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Storage;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Scan;

/// <summary>Finds keys with SCAN, one primary after the other.</summary>
/// <remarks>A cursor is <c>primary's address|cursor of SCAN there</c>, in base64url.</remarks>
internal sealed class KeyScanner(RedisConnection connection, EntryWriter writer, RedisStoreOptions options)
{
    private const int MostStepsPerPage = 50;

    public async ValueTask<KeyPage> ScanAsync(string pattern, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("SCAN", link, null);
        try
        {
            var (shard, position) = Find(link, cursor);
            var match = GlobPattern.ToRedis(pattern, link.Names.Prefix);
            var keys = new List<string>();
            for (var step = 0; shard is not null && keys.Count < limit && step < MostStepsPerPage; step++)
            {
                (var names, position) = await StepAsync(link, shard, position, match, Math.Clamp(limit, 10, options.ScanPageSize))
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
                foreach (var name in names)
                {
                    if (link.Names.KeyOf(name) is { } key) keys.Add(key);
                }

                if (position == 0) shard = Next(link, shard);
            }

            return new KeyPage(keys, shard is null ? null : Format(shard, position));
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "scan");
        }
    }

    public async ValueTask<long> RemoveAsync(string pattern, CancellationToken cancellationToken)
    {
        var removed = 0L;
        string? cursor = null;
        do
        {
            var page = await ScanAsync(pattern, cursor, options.ScanPageSize, cancellationToken).ConfigureAwait(false);
            var removals = await writer.RemoveManyAsync(page.Keys, cancellationToken).ConfigureAwait(false);
            removed += removals.Count(removal => removal.Existed);
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return removed;
    }

    /// <summary>One step of SCAN on one server.</summary>
    /// <returns>The names, prefix and our own ones included, and where to go on; 0: the end.</returns>
    public static async Task<(string[] Names, ulong Position)> StepAsync(
        RedisLink link, RedisShard shard, ulong position, string match, int count)
    {
        var result = await shard.Server.ExecuteAsync(
            link.Database.Database,
            "SCAN",
            [position.ToString(CultureInfo.InvariantCulture), "MATCH", match, "COUNT", count],
            RedisLink.Primary).ConfigureAwait(false);
        var names = Array.ConvertAll((RedisResult[]?)result[1] ?? [], name => (string)name!);
        return (names, ulong.Parse((string)result[0]!, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<RedisShard> InOrder(RedisLink link)
        => link.Primaries.OrderBy(shard => EndPointNames.Format(shard.EndPoint), StringComparer.Ordinal);

    private static RedisShard? Next(RedisLink link, RedisShard shard)
        => InOrder(link).FirstOrDefault(
            other => string.CompareOrdinal(EndPointNames.Format(other.EndPoint), EndPointNames.Format(shard.EndPoint)) > 0);

    private static (RedisShard? Shard, ulong Position) Find(RedisLink link, string? cursor)
    {
        if (cursor is null) return (InOrder(link).First(), 0);
        var (address, position) = Parse(cursor);
        var shard = InOrder(link).FirstOrDefault(shard => string.CompareOrdinal(EndPointNames.Format(shard.EndPoint), address) >= 0);

        // A server that is gone has left its keys to another one, whose scan begins at its beginning.
        return (shard, shard is not null && EndPointNames.Format(shard.EndPoint) == address ? position : 0);
    }

    private static string Format(RedisShard shard, ulong position)
        => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{EndPointNames.Format(shard.EndPoint)}|{position}")));

    private static (string Address, ulong Position) Parse(string cursor)
    {
        try
        {
            var text = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
            var bar = text.LastIndexOf('|');
            if (bar > 0 && ulong.TryParse(text.AsSpan(bar + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
                return (text[..bar], position);
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw new ArgumentException("The cursor is none that this store gave out.", nameof(cursor));
    }
}
