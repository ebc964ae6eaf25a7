using System.Diagnostics;
using Kessan.Caching.Redis.Connections;

namespace Kessan.Caching.Redis;

/// <summary>Spans of Redis commands by the OpenTelemetry database conventions (1.33); no cost while nobody listens.</summary>
internal static class RedisTelemetry
{
    private static readonly ActivitySource Source = new("Kessan.Caching");

    /// <summary>Begins the span of a command.</summary>
    /// <param name="command">The command, in capitals.</param>
    /// <param name="link">Where it goes.</param>
    /// <param name="shard">The server; <see langword="null"/> for several.</param>
    /// <param name="script">The script's name.</param>
    /// <param name="batch">How many keys, if more than one.</param>
    public static Activity? Start(string command, RedisLink link, RedisShard? shard, string? script = null, int batch = 1)
    {
        if (!Source.HasListeners() || Source.StartActivity(command, ActivityKind.Client) is not { } activity) return null;
        if (!activity.IsAllDataRequested) return activity;
        activity.SetTag("db.system.name", "redis");
        activity.SetTag("db.operation.name", command);
        activity.SetTag("db.namespace", link.Database.Database.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (script is not null) activity.SetTag("db.stored_procedure.name", script);
        if (batch > 1) activity.SetTag("db.operation.batch.size", batch);
        if (shard is not null)
        {
            var (host, port) = EndPointNames.Split(shard.EndPoint);
            activity.SetTag("server.address", host);
            if (port > 0) activity.SetTag("server.port", port);
        }

        return activity;
    }

    /// <summary>Marks a span as failed.</summary>
    public static void Fail(this Activity? activity, Exception failure)
    {
        if (activity is null) return;
        activity.SetStatus(ActivityStatusCode.Error);
        activity.SetTag("error.type", failure.GetType().FullName);
    }
}
