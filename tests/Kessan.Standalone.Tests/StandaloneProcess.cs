using System.Text.RegularExpressions;
using Kessan.Testing.Processes;

namespace Kessan.Standalone.Tests;

/// <summary>Standalone as a real process on free ports, when it has said that it is ready.</summary>
internal sealed partial class StandaloneProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What the machine may have set for its user must not decide what is tested.
    private static readonly string[] OwnVariables =
    [
        "KESSAN_MARKET_PORT", "KESSAN_CACHE_PORT", "REDIS_URL", "REDIS_CLUSTER_NODES", "ConnectionStrings__redis", "KESSAN_API_KEY", "KESSAN_DATA",
        "KESSAN_EMBEDDED_REDIS_PORT", "KESSAN_EMBEDDED_REDIS_PASSWORD", "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT",
    ];

    public static readonly (string Name, string Value)[] PatientVariables =
        [("Kessan__Cache__L2SoftTimeout", "00:00:10"), ("Kessan__CacheService__Timeout", "00:00:10")];

    private readonly HttpClient _client = new();

    private StandaloneProcess(ProgramProcess program, string readyLine)
    {
        Program = program;
        var addresses = Address().Matches(readyLine);
        MarketApi = new Uri(addresses[0].Value);
        CacheService = new Uri(addresses[1].Value);
    }

    public ProgramProcess Program { get; }

    public Uri MarketApi { get; }

    public Uri CacheService { get; }

    /// <summary>The embedded Redis' address, as Standalone printed it.</summary>
    public string Redis => RedisAddress().Match(Program.Output).Value;

    public static ProgramProcess Launch(IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        ProgramProcess.StartDotnet([Path.Combine(AppContext.BaseDirectory, "Kessan.Standalone.dll"), .. arguments], Environment(environment));

    public static Task<StandaloneProcess> StartAsync(params string[] arguments) =>
        ReadyAsync(Launch(["--market-port", "0", "--cache-port", "0", .. arguments]));

    /// <summary>The same with timeouts that a machine under load does not reach: for tests that tell a hit from a miss.</summary>
    public static Task<StandaloneProcess> StartPatientAsync(params string[] arguments) =>
        ReadyAsync(Launch(["--market-port", "0", "--cache-port", "0", .. arguments], PatientVariables));

    public static async Task<StandaloneProcess> ReadyAsync(ProgramProcess program, TimeSpan? patience = null)
    {
        try
        {
            return new StandaloneProcess(
                program, await program.LineAsync("Kessan is ready", patience ?? Patience, TestContext.Current.CancellationToken));
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    public static Dictionary<string, string?> Environment(params (string Name, string Value)[] environment)
    {
        var variables = OwnVariables.ToDictionary(static name => name, static _ => (string?)null);
        foreach (var (name, value) in environment)
            variables[name] = value;
        return variables;
    }

    /// <returns>The status, the header <c>Cache-Status</c> and the body.</returns>
    public async Task<(int Status, string CacheStatus, string Body)> GetAsync(Uri service, string path, string? apiKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service, path));
        if (apiKey is not null)
            request.Headers.Add("X-Api-Key", apiKey);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var cacheStatus = answer.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(", ", values) : "";
        return ((int)answer.StatusCode, cacheStatus, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Program.DisposeAsync();
    }

    [GeneratedRegex(@"http://[a-z0-9.]+:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=embedded Redis listens on )127\.0\.0\.1:\d+")]
    private static partial Regex RedisAddress();
}
