using System.Text;
using Kessan.Caching.Redis.Backplane;
using Kessan.Caching.Redis.Connections;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Scripts;

/// <summary>Runs scripts, by hash first; numbers those that publish. Failures come out as the client throws them.</summary>
internal sealed class ScriptRunner(string nodeId)
{
    private readonly byte[] _sender = Encoding.ASCII.GetBytes(nodeId);

    /// <summary>A number will never be published, and the server answers: receivers should hear so before they take it for lost.</summary>
    public event Action? NumberSkipped;

    /// <summary>The node's id as it stands in messages.</summary>
    public byte[] Sender => _sender;

    /// <summary>Runs a script that publishes nothing.</summary>
    public static Task<RedisResult> RunAsync(RedisLink link, RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        var task = link.Database.ScriptEvaluateAsync(script.Hash, keys, arguments, RedisLink.Primary);
        return task.IsCompletedSuccessfully ? task : AwaitAsync();

        async Task<RedisResult> AwaitAsync()
        {
            try
            {
                return await task.ConfigureAwait(false);
            }
            catch (RedisServerException failure) when (RedisFailures.IsUnknownScript(failure))
            {
                // The server is new, was restarted, or its scripts were flushed: the text goes along once.
                return await link.Database.ScriptEvaluateAsync(script.Text, keys, arguments, RedisLink.Primary).ConfigureAwait(false);
            }
            catch (RedisServerException failure) when (RedisFailures.IsReadOnly(failure))
            {
                link.DoubtRoles();
                throw;
            }
        }
    }

    /// <summary>
    /// Runs a script that publishes one message. Its first two arguments are set here: the message's head, with the next number of
    /// the shard's sequence, and the channel. A number whose operation failed is published as a void later.
    /// </summary>
    public Task<RedisResult> PublishAsync(RedisLink link, RedisShard shard, RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        arguments[1] = link.Channel;
        var task = SendAsync(link, shard, script, keys, arguments, byText: false, out var sequence);
        return AwaitAsync();

        async Task<RedisResult> AwaitAsync()
        {
            try
            {
                return await task.ConfigureAwait(false);
            }
            catch (RedisServerException failure) when (RedisFailures.IsUnknownScript(failure))
            {
                shard.AddVoid(sequence);
                NumberSkipped?.Invoke();
                task = SendAsync(link, shard, script, keys, arguments, byText: true, out sequence);
            }
            catch (Exception failure)
            {
                Fail(link, shard, sequence, failure);
                throw;
            }

            try
            {
                return await task.ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                Fail(link, shard, sequence, failure);
                throw;
            }
        }
    }

    private static void Fail(RedisLink link, RedisShard shard, long sequence, Exception failure)
    {
        if (sequence > 0) shard.AddVoid(sequence);
        if (failure is RedisServerException refusal && RedisFailures.IsReadOnly(refusal)) link.DoubtRoles();
    }

    private Task<RedisResult> SendAsync(
        RedisLink link, RedisShard shard, RedisScript script, RedisKey[] keys, RedisValue[] arguments, bool byText, out long sequence)
    {
        lock (shard.Gate)
        {
            sequence = shard.Next();
            arguments[0] = MessageFormat.Head(_sender, shard.Id, sequence);
            Task<RedisResult> task;
            try
            {
                task = byText
                    ? link.Database.ScriptEvaluateAsync(script.Text, keys, arguments, RedisLink.Primary)
                    : link.Database.ScriptEvaluateAsync(script.Hash, keys, arguments, RedisLink.Primary);
            }
            catch (Exception failure) when (RedisFailures.IsFailure(failure, CancellationToken.None))
            {
                task = Task.FromException<RedisResult>(failure);
            }

            if (task.Exception?.InnerException is { } unsent && RedisFailures.IsUnsent(unsent))
            {
                shard.TakeBack();
                sequence = 0;
            }

            return task;
        }
    }
}
