using System.Runtime.CompilerServices;
using Kessan.CacheHost.Tests.Health;
using Kessan.Testing;

namespace Kessan.CacheHost.Tests.Docs;

/// <summary>
/// Every command of docs/http.md is run, one after the other, and its output held against what the service answers now. With
/// <c>KESSAN_WRITE_DOCS=1</c> the outputs are written anew.
/// </summary>
public sealed class HttpDocumentTests(ITestOutputHelper output)
{
    // Streams without end, other keyspaces, a host of its own, and estimates that a short run has none of.
    private static readonly string[] NotRun = ["curl -sN", "limit=3", "hot-keys", "/metrics", "dotnet run", "localhost:5082"];

    // Found out from time to time, and so known a moment later.
    private static readonly string[] Moods = ["/v1/statistics", "/health", "/health/detailed"];

    [Fact]
    public async Task Examples_Run_AnswerAsTheDocumentSays()
    {
        RedisServers.SkipWithoutServer();
        Assert.SkipWhen(!IsOnPath("curl") || !IsOnPath("bash"), "no curl or bash on PATH");
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/http.md"));
        var document = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await using var redis = await BreakableRedis.StartAsync("single", isSlow: false);
        await using var node = await ServiceNode.StartAsync(
            hasStore: false, settings: new(RedisServers.Patient(redis.Settings["ConnectionStrings:redis"]!))
            {
                ["Kessan:Cache:Quotas:DailyLimit"] = "10",
                ["Kessan:Cache:LeaseDuration"] = "00:01:00", // nor must a machine under load end a lease, or the trust in L1
                ["Kessan:Cache:TrustDuration"] = "00:01:00",
            });
        await using var busy = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:RequestsPerSecond"] = "1" });
        await node.BecomesAsync("healthy", output);

        var written = document;
        List<string> differences = [];
        var ran = 0;
        string? etag = null;
        foreach (var example in HttpExample.In(document).Where(example => !NotRun.Any(part => example.Command.Contains(part, StringComparison.Ordinal))))
        {
            if (example.Section == "While Redis is away") await redis.BreakAsync();
            var isBusy = example.Section == "Over load";

            // The version that an answer before has given, in place of the one that it gave when the document was written.
            var (then, now) = (etag is null ? "" : EtagIn(example.Command), etag ?? "");
            var run = then.Length == 0 ? example : example with { Command = example.Command.Replace(then, now, StringComparison.Ordinal) };
            var answer = isBusy ? await ShedAsync(run, busy.Address) : await AnswerAsync(run, node.Address);
            ran++;
            etag = EtagIn(answer) is { Length: > 0 } given ? given : etag;

            written = written.Replace($"$ {example.Command}\n{example.Output}```", $"$ {run.Command}\n{answer}```", StringComparison.Ordinal);
            if (!example.IsLike(answer)) differences.Add($"{example.Command}\n--- is said to answer\n{example.Output}--- answers\n{answer}");
        }

        Assert.True(ran > 60, $"Only {ran} examples were found.");
        if (Environment.GetEnvironmentVariable("KESSAN_WRITE_DOCS") == "1") await File.WriteAllTextAsync(path, written, TestContext.Current.CancellationToken);
        else Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    /// <summary>Its answer; what only tells how the service feels is asked again for a while, until it says what the document does.</summary>
    private static async Task<string> AnswerAsync(HttpExample run, Uri address)
    {
        var since = TimeProvider.System.GetTimestamp();
        var mayWait = Moods.Any(mood => run.Command.EndsWith(mood, StringComparison.Ordinal));
        while (true)
        {
            var answer = await run.RunAsync(address);
            if (!mayWait || run.IsLike(answer) || TimeProvider.System.GetElapsedTime(since) > Eventually.Patience) return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Its answer when it is one too many: two at a time, where one comes through a second.</summary>
    private static async Task<string> ShedAsync(HttpExample run, Uri address)
    {
        string? shed = null;
        await Eventually.HoldsAsync(async () =>
        {
            var answers = await Task.WhenAll(run.RunAsync(address), run.RunAsync(address));
            shed = answers.FirstOrDefault(answer => answer.Contains(" 503 ", StringComparison.Ordinal));
            return shed is not null;
        });
        return shed!;
    }

    private static string EtagIn(string text)
    {
        var match = System.Text.RegularExpressions.Regex.Match(text, "(ETag|Match): (\"[0-9]+\")");
        return match.Groups[2].Value;
    }

    private static bool IsOnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));

    private static string Here([CallerFilePath] string path = "") => path;
}
