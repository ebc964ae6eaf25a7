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

        // The first answers of a busy machine may miss the layers' time limits, and so go another way: each stock is a new miss.
        Activity? request = null;
        List<Activity> trace = [];
        var stocks = new Queue<string>(["7203", "6758", "9984", "8306", "6861", "9432", "7974", "8035", "4063", "6098"]);
        while (request is null)
        {
            Assert.True(stocks.TryDequeue(out var stock), "No request went through the cache service, to Redis and to the source.");
            using var answer = await system.Client.GetAsync($"/stocks/{stock}/price", TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
            await Kessan.Testing.Eventually.TriesAsync(() => FindWithAllParts(), TimeSpan.FromSeconds(2));
        }

        // A server's span ends after its answer was sent: what is below it is there first.
        await Kessan.Testing.Eventually.HoldsAsync(
            () => Collect(request).TrueForAll(span => Ancestors(span).Contains(request)) && Collect(request).Any(span => IsRedis(span) && Ancestors(span).Any(IsCacheService)),
            what: "the request is the root of all that it caused");

        bool FindWithAllParts()
        {
            foreach (var candidate in exported.Where(span => span is { Kind: ActivityKind.Server, DisplayName: "GET /stocks/{ticker}/price" }))
            {
                var parts = Collect(candidate);
                if (parts.Exists(IsSource) && parts.Exists(IsCacheService) && parts.Exists(IsRedis)) request = candidate;
            }

            return request is not null;
        }

        // Both hosts export what the one process does, so each span may be there twice.
        List<Activity> Collect(Activity candidate)
        {
            trace = [.. exported.Where(span => span.TraceId == candidate.TraceId).DistinctBy(span => span.SpanId)];
            return trace.FindAll(span => IsSource(span) || IsCacheService(span) || IsRedis(span));
        }

        IEnumerable<Activity> Ancestors(Activity span)
        {
            for (var parent = ParentOf(span); parent is not null; parent = ParentOf(parent))
                yield return parent;
        }

        Activity? ParentOf(Activity span) => trace.Find(other => other.SpanId == span.ParentSpanId);
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
