namespace Kessan.MarketApi.Tests.JQuants;

/// <summary>A market API that takes its data from a J-Quants of our own; both have one clock.</summary>
internal sealed record JQuantsPair(JQuantsStub Stub, MarketApiHost Host) : IAsyncDisposable
{
    public static async Task<JQuantsPair> StartAsync(string key = JQuantsStub.Key, int requestsPerMinute = 60, bool calendar = false)
    {
        var time = MarketApiHost.NewTime();
        var stub = await JQuantsStub.StartAsync(time);
        var host = await MarketApiHost.StartAsync(
            [
                new("Market:Source", "jquants"),
                new("Market:JQuants:BaseAddress", stub.Address),
                new("Market:JQuants:ApiKey", key),
                new("Kessan:Cache:MarketCalendar:Enabled", calendar ? "true" : "false"),
                new("Market:JQuants:RequestsPerMinute", requestsPerMinute.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ],
            time: time);
        return new JQuantsPair(stub, host);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Stub.DisposeAsync();
    }
}
