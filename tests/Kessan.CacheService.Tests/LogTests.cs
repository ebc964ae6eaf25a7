using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Kessan.CacheHost.Tests;

/// <summary>What leaves this process as log records names neither keys nor users above Debug.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Records_WarningInsideARequest_HaveItsTraceAndNotItsPath()
    {
        var records = new Recorder();
        await using var node = await ServiceNode.StartAsync(configure: builder => builder.Logging
            .SetMinimumLevel(LogLevel.Information)
            .AddOpenTelemetry(logging => logging.AddProcessor(records)));
        var damaged = new StoredEntry { Payload = new byte[] { 1 }, Codec = PayloadCodec.Zstandard, Lifetime = TimeSpan.FromMinutes(1) };
        await node.Store!.SetAsync(new StoreWrite("private-key", damaged), TestContext.Current.CancellationToken);

        await node.Client.SendAsync(HttpMethod.Get, "v1/entries/private-key");
        await node.Client.SendAsync(HttpMethod.Get, "v1/sessions/private-user");
        await node.Client.SendAsync(HttpMethod.Delete, "v1/entries?pattern=private*");

        var warning = Assert.Single(records.Seen, record => record.Category.EndsWith("EntryPayloads", StringComparison.Ordinal));
        Assert.NotEqual(default, warning.Trace);
        Assert.Contains(records.Seen, record => record.Text.Contains("Audit: client full used DELETE", StringComparison.Ordinal));
        Assert.All(records.Seen, record => Assert.DoesNotContain("private", record.Text, StringComparison.Ordinal));
    }

    private sealed class Recorder : BaseProcessor<LogRecord>
    {
        public ConcurrentQueue<(string Category, ActivityTraceId Trace, string Text)> Seen { get; } = [];

        // Records are used again by their pool: what is to be kept is read now.
        public override void OnEnd(LogRecord data)
        {
            var text = new List<string> { data.FormattedMessage ?? "", data.Body ?? "", data.Exception?.ToString() ?? "" };
            foreach (var (name, value) in data.Attributes ?? []) text.Add($"{name}={value}");
            data.ForEachScope(
                static (scope, all) =>
                {
                    foreach (var (name, value) in scope) all.Add(string.Create(CultureInfo.InvariantCulture, $"scope {name}={value}"));
                },
                text);
            Seen.Enqueue((data.CategoryName ?? "", data.TraceId, string.Join('\n', text)));
        }
    }
}
