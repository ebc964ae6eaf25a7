using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kessan.Caching.Client.Coherence;
using Kessan.Caching.Client.Events;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Quotas;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Client;

/// <summary>The Kessan cache service as the second layer of a consumer: <see cref="ICacheStore"/> over its HTTP API and its event stream.</summary>
/// <remarks>
/// <para>
/// Safe for concurrent use. Every operation is one short attempt without retries. Replicas of the service may know of a change at different
/// moments: what this node changed or heard of in the last seconds is read past their first layers, and no answer older than a version
/// that this node knows is given out.
/// </para>
/// <para>Needs an API key with the scopes <c>read</c> and <c>write</c>, and <c>admin</c> for scans, patterns and the tag <c>*</c>.</para>
/// </remarks>
public sealed partial class CacheServiceStore : ICacheStore, IKeyCountingStore, IQuotaStore, IAsyncDisposable
{
    private readonly CacheServiceOptions _options;
    private readonly ServiceChannel _channel;
    private readonly RecentChanges _recent;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventSubscriptions _subscriptions;

    /// <summary>Makes a store.</summary>
    /// <param name="client">A client with the service's base address and the API key, without retries and without a timeout of its own.</param>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears when the event stream is lost and found.</param>
    public CacheServiceStore(HttpClient client, CacheServiceOptions options, TimeProvider time, ILogger<CacheServiceStore> logger)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _logger = logger;
        _channel = new ServiceChannel(client, time, options);
        _recent = new RecentChanges(time, options.ChangeMemory);
        _subscriptions = new EventSubscriptions();
    }

    /// <inheritdoc/>
    public string Name => "service";

    /// <inheritdoc/>
    public string NodeId { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <inheritdoc/>
    public IAsyncDisposable Subscribe(IStoreSubscriber subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return _subscriptions.Add(new EventStreamReader(_channel, _options, _recent, subscriber, _time, _logger));
    }

    /// <summary>Ends the event streams.</summary>
    public ValueTask DisposeAsync() => _subscriptions.DisposeAsync();

    private static void CheckKey(string key)
    {
        // These cannot stand in a path, or would turn into another key there.
        ArgumentException.ThrowIfNullOrEmpty(key);
        for (var i = 0; i < key.Length; i++)
        {
            if (!char.IsSurrogate(key[i])) continue;
            if (i + 1 >= key.Length || !char.IsSurrogatePair(key[i], key[i + 1])) throw Refused("that is invalid Unicode");
            i++;
        }

        if (key is "." or "..") throw Refused("that is a dot segment");
        if (SessionKeys.TryGetUser(key, out var user) && user is "." or "..") throw Refused("of a user that is a dot segment");
    }

    private static CacheStoreException Refused(string key) => new($"The cache service takes no key {key}.") { IsRefusal = true };

    private static bool IsOk(HttpStatusCode status) => status == HttpStatusCode.OK;

    private static bool IsOkOrTooLarge(HttpStatusCode status) => status is HttpStatusCode.OK or HttpStatusCode.RequestEntityTooLarge;

    private static T Read<T>(in ServiceAnswer answer, JsonTypeInfo<T> type, string operation)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type) ?? throw Unreadable(operation);
        }
        catch (JsonException)
        {
            throw Unreadable(operation);
        }
    }

    private static CacheStoreException Unreadable(string operation) => new($"The cache service's answer to a request for {operation} cannot be understood.");
}
