using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Kessan.ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_ProbesAndOneRequest_HoldOnlyTheRequest()
    {
        var spans = new SpanRecorder();
        await using var host = await SampleHost.StartAsync(
            builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans)));

        await host.Client.GetStringAsync("/health", Stop);
        await host.Client.GetStringAsync("/alive", Stop);
        await host.Client.GetStringAsync("/work", Stop);

        var span = Assert.Single(await spans.RequestsToAsync(host));
        Assert.Equal("/work", span.GetTagItem("url.path"));
    }

    [Fact]
    public async Task Traces_TheCachesSource_IsRecorded()
    {
        using var source = new ActivitySource("Kessan.Caching");
        await using var host = await SampleHost.StartAsync();

        using var span = source.StartActivity("read");

        Assert.NotNull(span);
        Assert.True(span.Recorded);
    }

    [Fact]
    public async Task Metrics_TheCachesMeterTheRuntimeAndRequests_AreExported()
    {
        var metrics = new MetricRecorder();
        await using var host = await SampleHost.StartAsync(
            builder => builder.Services.ConfigureOpenTelemetryMeterProvider(
                metering => metering.AddReader(new BaseExportingMetricReader(metrics))));
        using var meter = new Meter("Kessan.Caching");
        meter.CreateCounter<long>("kessan.cache.requests").Add(1);
        await host.Client.GetStringAsync("/work", Stop);

        await metrics.ExportedAsync("http.server.request.duration", host); // after the answer was sent

        Assert.Contains("kessan.cache.requests", metrics.Names);
        Assert.Contains("dotnet.gc.collections", metrics.Names);
        Assert.Contains("aspnetcore.memory_pool.allocated", metrics.Names);
        Assert.DoesNotContain("aspnetcore.memory_pool.rented", metrics.Names);
        Assert.DoesNotContain("aspnetcore.memory_pool.pooled", metrics.Names);
    }

    [Fact]
    public async Task Otlp_EndpointConfigured_ReceivesTracesMetricsAndLogs()
    {
        await using var collector = await Collector.StartAsync();
        await using var host = await SampleHost.StartAsync(settings:
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "sample"),
        ]);
        await host.Client.GetStringAsync("/work", Stop);

        host.Services.GetRequiredService<TracerProvider>().ForceFlush();
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        host.Services.GetRequiredService<LoggerProvider>().ForceFlush();

        await collector.ReceivedAsync("/v1/traces");
        await collector.ReceivedAsync("/v1/metrics");
        await collector.ReceivedAsync("/v1/logs");
    }

    private sealed class SpanRecorder : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<Activity> _spans = new();

        public override void OnEnd(Activity data) => _spans.Enqueue(data);

        /// <summary>The spans of requests to one host, in all of its process: other tests run beside this one.</summary>
        public async Task<IReadOnlyList<Activity>> RequestsToAsync(SampleHost host)
        {
            // A request's span ends after its answer was sent.
            var start = TimeProvider.System.GetTimestamp();
            while (!Requests(host).Any(IsWork) && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5))
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
            return [.. Requests(host)];
        }

        private IEnumerable<Activity> Requests(SampleHost host) => _spans.Where(span =>
            span.Kind == ActivityKind.Server && new Uri(host.Address).Port.Equals(span.GetTagItem("server.port")));

        private static bool IsWork(Activity span) => "/work".Equals(span.GetTagItem("url.path"));
    }

    private sealed class MetricRecorder : BaseExporter<Metric>
    {
        private readonly ConcurrentDictionary<string, bool> _names = new();

        public ICollection<string> Names => _names.Keys;

        /// <summary>Waits until a metric was exported, 10 s at most.</summary>
        public async Task ExportedAsync(string name, SampleHost host)
        {
            var start = TimeProvider.System.GetTimestamp();
            host.Services.GetRequiredService<MeterProvider>().ForceFlush();
            while (!_names.ContainsKey(name) && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
                host.Services.GetRequiredService<MeterProvider>().ForceFlush();
            }
            Assert.Contains(name, Names);
        }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
                _names[metric.Name] = true;
            return ExportResult.Success;
        }
    }
}
