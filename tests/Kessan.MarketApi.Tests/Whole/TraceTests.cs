using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Kessan.MarketApi.Tests.Whole;

public class TraceTests
{
    [Fact]
    public async Task GetPrice_OnAMiss_IsOneTraceFromTheRequestToRedisAndTheSource()
    {
        var exported = new ConcurrentQueue<Activity>();
        await using var system = await WholeSystem.StartAsync(builder => builder.Services.ConfigureOpenTelemetryTracerProvider(
            tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(new QueueExporter(exported)))));

        using var answer = await system.Client.GetAsync("/stocks/7203/price", TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode);
        Activity? request = null;
        List<Activity> trace = [];
        await Kessan.Testing.Eventually.HoldsAsync(() =>
        {
            // Both hosts export what the one process does, so each span may be there twice.
            var spans = exported.DistinctBy(span => span.SpanId).ToList();
            request = spans.Find(span => span is { Kind: ActivityKind.Server, DisplayName: "GET /stocks/{ticker}/price" });
            trace = spans.FindAll(span => span.TraceId == request?.TraceId);
            return trace.Exists(IsSource) && trace.Exists(IsCacheService) && trace.Exists(IsRedis);
        }, TimeSpan.FromSeconds(30));

        var byId = trace.ToDictionary(span => span.SpanId);
        foreach (var span in trace.Where(span => IsSource(span) || IsCacheService(span) || IsRedis(span)))
            Assert.Contains(Ancestors(span), ancestor => ancestor == request);
        Assert.Contains(trace.Where(IsRedis), span => Ancestors(span).Any(IsCacheService));

        IEnumerable<Activity> Ancestors(Activity span)
        {
            for (var parent = byId.GetValueOrDefault(span.ParentSpanId); parent is not null; parent = byId.GetValueOrDefault(parent.ParentSpanId))
                yield return parent;
        }
    }

    private static bool IsSource(Activity span) => span.OperationName == "source built-in";

    private static bool IsCacheService(Activity span) =>
        span.Kind == ActivityKind.Server && span.DisplayName.Contains("/v1/", StringComparison.Ordinal);

    private static bool IsRedis(Activity span) => (string?)span.GetTagItem("db.system.name") == "redis";

    private sealed class QueueExporter(ConcurrentQueue<Activity> exported) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
                exported.Enqueue(span);
            return ExportResult.Success;
        }
    }
}
