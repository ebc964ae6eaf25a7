using Kessan.Caching.Client.Http;

namespace Kessan.Caching.Client;

public sealed partial class CacheServiceStore
{
    /// <inheritdoc/>
    public async ValueTask<long> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var removed = 0L;
        try
        {
            await InPartsAsync(tags.Count, async (start, count) =>
            {
                var body = new TagsBody(tags.Skip(start).Take(count));
                var answer = await _channel.SendAsync(
                    ServiceRequests.Post("v1/tags/batch-delete", body, ServiceJson.Default.TagsBody), ServiceOperation.Tags, _channel.Timeout, IsOk, cancellationToken)
                    .ConfigureAwait(false);
                removed += Read(answer, ServiceJson.Default.DeletedBody, ServiceOperation.Tags).Deleted;
                return true;
            }).ConfigureAwait(false);
        }
        finally
        {
            // Also when it is not known what became of it.
            foreach (var tag in tags) _recent.Tag(tag);
        }

        return removed;
    }

    /// <inheritdoc/>
    public async ValueTask<long[]> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var generations = new long[tags.Count];
        await InPartsAsync(tags.Count, async (start, count) =>
        {
            var body = new TagsBody(tags.Skip(start).Take(count));
            var answer = await _channel.SendAsync(
                ServiceRequests.Post("v1/tags/generations", body, ServiceJson.Default.TagsBody), ServiceOperation.Tags, _channel.Timeout, IsOk, cancellationToken)
                .ConfigureAwait(false);
            var read = Read(answer, ServiceJson.Default.GenerationsBody, ServiceOperation.Tags).Generations;
            if (read.Length != count) throw Unreadable(ServiceOperation.Tags);
            read.CopyTo(generations, start);
            return true;
        }).ConfigureAwait(false);
        return generations;
    }
}
