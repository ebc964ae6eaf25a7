using Kessan.Caching.Redis.Connections;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Kessan.Caching.Redis;

/// <summary>Where Redis is and how to log in, from any of the forms in which people write that down. Immutable.</summary>
/// <remarks>
/// Understood are <c>redis://[[user]:password@]host[:port][/db]</c>, <c>rediss://</c> (TLS), several of them separated by commas (the
/// nodes of a cluster), and StackExchange.Redis strings (<c>host:6379,password=…,serviceName=…</c>). StackExchange.Redis itself
/// takes a URL for a host name, silently; so every address goes through here.
/// </remarks>
public sealed class RedisConnectionSettings
{
    private readonly Func<ConfigurationOptions> _create;

    private RedisConnectionSettings(string source, Func<ConfigurationOptions> create)
    {
        Source = source;
        _create = create;
        var options = create();
        Addresses = [.. options.EndPoints.Select(EndPointNames.Format)];
        IsSentinel = !string.IsNullOrEmpty(options.ServiceName);
    }

    /// <summary>The setting that the address came from, for messages: <c>ConnectionStrings:redis</c>, <c>REDIS_URL</c>…</summary>
    public string Source { get; }

    /// <summary>The addresses as <c>host:port</c>, without any secret.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Whether the addresses are those of sentinels.</summary>
    public bool IsSentinel { get; }

    /// <summary>
    /// Takes <c>ConnectionStrings:{connectionName}</c>, else <c>REDIS_CLUSTER_NODES</c>, else <c>REDIS_URL</c>. Blank counts as not set.
    /// </summary>
    /// <returns><see langword="null"/> if none is set: the cache is then L1 only.</returns>
    /// <exception cref="FormatException">A setting cannot be understood; the message names it, the fault and no secret.</exception>
    public static RedisConnectionSettings? FromConfiguration(IConfiguration configuration, string connectionName = "redis")
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionName);

        string[] sources = [$"ConnectionStrings:{connectionName}", "REDIS_CLUSTER_NODES", "REDIS_URL"];
        foreach (var source in sources)
        {
            if (configuration[source] is { } text && !string.IsNullOrWhiteSpace(text)) return Parse(text, source);
        }

        return null;
    }

    /// <summary>Reads an address in any of the forms.</summary>
    /// <param name="text">The address.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="FormatException">It cannot be understood; the message names the source, the fault and no secret.</exception>
    public static RedisConnectionSettings Parse(string text, string source = "The Redis address")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        text = text.Trim();
        if (!text.Contains("://", StringComparison.Ordinal) && source != "REDIS_CLUSTER_NODES")
        {
            return new RedisConnectionSettings(source, () => RedisConnectionString.Parse(text, source));
        }

        var urls = RedisUrl.ParseAll(text, source);
        return new RedisConnectionSettings(source, () => RedisUrl.ToOptions(urls));
    }

    /// <summary>Makes the options of a connection, with the settings that the store relies on (see <see cref="Harden"/>).</summary>
    public ConfigurationOptions CreateOptions() => _create();

    /// <summary>Replaces the address, the login and the settings that the store relies on in options that somebody else made.</summary>
    public void Apply(ConfigurationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var own = _create();
        options.EndPoints.Clear();
        foreach (var endpoint in own.EndPoints) options.EndPoints.Add(endpoint);
        options.User = own.User;
        options.Password = own.Password;
        options.SentinelUser = own.SentinelUser;
        options.SentinelPassword = own.SentinelPassword;
        options.ServiceName = own.ServiceName;
        options.DefaultDatabase = own.DefaultDatabase;
        options.Ssl = own.Ssl;
        options.SslHost = own.SslHost;
        options.ConnectTimeout = own.ConnectTimeout;
        options.SyncTimeout = own.SyncTimeout;
        options.AsyncTimeout = own.AsyncTimeout;
        Harden(options);
    }

    /// <summary>The addresses, never a user or password.</summary>
    public override string ToString() => string.Join(',', Addresses);

    /// <summary>
    /// What the store relies on: a client that starts without a server, fails at once while it is away instead of queueing, comes back
    /// within about a second, and keeps keys out of its messages.
    /// </summary>
    internal static void Harden(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new ReconnectBackoff();
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        options.IncludeDetailInExceptions = false;
        options.ClientName ??= "kessan";

        // Neither the key nor the channel by which the client's own fleet elects a primary: an ACL user of ours need not have them.
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
    }
}
