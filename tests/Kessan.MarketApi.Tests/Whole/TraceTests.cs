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
            Assert.True(stocks.TryDequeue(out var stock), $"No request was the root of all that it caused; the last trace:\n{string.Join('\n', trace.Select(span => $"{span.ParentSpanId} {span.SpanId} {span.DisplayName}"))}");
            using var answer = await system.Client.GetAsync($"/stocks/{stock}/price", TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
            await Kessan.Testing.Eventually.TriesAsync(() => FindWhole(), TimeSpan.FromSeconds(2));
        }

        bool FindWhole()
        {
            // Both hosts export what the one process does, so each span may be there twice. A server's span ends after its answer was
            // sent, so that what is below it is there first.
            var spans = exported.DistinctBy(span => span.SpanId).ToList();
            foreach (var candidate in spans.Where(span => span is { Kind: ActivityKind.Server, DisplayName: "GET /stocks/{ticker}/price" }))
            {
                trace = spans.FindAll(span => span.TraceId == candidate.TraceId);
                var parts = trace.FindAll(span => IsSource(span) || IsCacheService(span) || IsRedis(span));
                if (!parts.TrueForAll(span => Ancestors(span).Contains(candidate))) continue;
                if (parts.Exists(IsSource) && parts.Exists(IsCacheService) && parts.Exists(IsRedis)) request = candidate;
                if (request is not null) return true;
            }

            return false;
        }

        Assert.Contains(trace.Where(IsRedis), span => Ancestors(span).Any(IsCacheService));

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
