using System.Net;
using System.Text.Json;
using Kessan.MarketApi.JQuants;
using Kessan.MarketApi.Sources;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Tests.JQuants;

/// <summary>What the J-Quants source does when it is refused or not answered, and how it keeps its budget of requests.</summary>
public class JQuantsLimitsTests
{
    [Fact]
    public async Task Get_WrongKey_Is503AndNothingMoreIsSentForAMinute()
    {
        await using var both = await JQuantsPair.StartAsync(key: "expired");

        using var first = await both.Host.Client.GetAsync("/stocks/7203/price", TestContext.Current.CancellationToken);
        using var second = await both.Host.Client.GetAsync("/stocks/6758/price", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Single(both.Stub.Requests);
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(null, 300)]
    public async Task Get_TooManyRequests_LeavesTheServerAloneAsLongAsItWants(int? retryAfter, int seconds)
    {
        await using var both = await JQuantsPair.StartAsync(requestsPerMinute: 500);
        both.Stub.Limit = 0;
        both.Stub.RetryAfterSeconds = retryAfter;

        using var refused = await both.Host.Client.GetAsync("/markets/topix", TestContext.Current.CancellationToken);
        both.Stub.Limit = int.MaxValue;
        both.Host.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        using var early = await both.Host.Client.GetAsync("/markets/topix", TestContext.Current.CancellationToken);
        var sentEarly = both.Stub.Requests.Count;
        both.Host.Time.Advance(TimeSpan.FromSeconds(1));
        using var later = await both.Host.Client.GetAsync("/markets/topix", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(seconds)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (early.StatusCode, sentEarly));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Get_ServerIsSlow_EndsInATimeoutThatIsNoFailureOfOurs()
    {
        await using var both = await JQuantsPair.StartAsync();
        both.Stub.Gate = new TaskCompletionSource();

        var asked = both.Host.Client.GetAsync("/markets/topix", TestContext.Current.CancellationToken);
        while (both.Stub.Requests.Count == 0)
            await Task.Yield();
        both.Host.Time.Advance(TimeSpan.FromSeconds(21));
        using var answer = await asked;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        both.Stub.Gate.SetResult();
    }

    // Fifty symbols are asked for every ten minutes, day and night: each time a price's five minutes are over, so that each question
    // goes to the source. The budget is never passed, and nobody goes without an answer.
    [Fact]
    public async Task GetPrice_FiftySymbolsAllDay_StaysInsideFiveRequestsAMinute()
    {
        await using var both = await JQuantsPair.StartAsync(requestsPerMinute: 5);
        both.Host.Time.AdjustTime(new DateTimeOffset(2025, 6, 11, 0, 0, 0, TimeSpan.FromHours(9)));
        string[] tickers = ["7203", "6758", "130A", .. Enumerable.Range(1301, 47).Select(code => code.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        (both.Stub.Limit, both.Stub.PageSize, both.Stub.MoreStocks) = (5, 30, tickers[3..]);

        var days = new Dictionary<string, int>();
        for (var minutes = 0; minutes < 24 * 60; minutes += 10)
        {
            if (minutes == (16 * 60) + 30)
                both.Stub.LatestDay = new DateOnly(2025, 6, 11);
            foreach (var ticker in tickers)
            {
                using var answer = await both.Host.Client.GetAsync($"/stocks/{ticker}/price", TestContext.Current.CancellationToken);
                var day = answer.StatusCode == HttpStatusCode.OK ? (await ReadAsync(answer)).GetProperty("date").GetString()! : answer.StatusCode.ToString();
                days[day] = days.GetValueOrDefault(day) + 1;
            }
            both.Host.Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.InRange(both.Stub.BusiestMinute(), 1, 5);
        Assert.Equal(new Dictionary<string, int> { ["2025-06-10"] = 50 * 99, ["2025-06-11"] = 50 * 45 }, days);
        Assert.Equal(6, both.Stub.Requests.Count); // three days of two pages, for 7,200 questions
    }

    [Fact]
    public async Task Get_ServerWantsNoWait_IsLeftAloneForASecondAllTheSame()
    {
        await using var both = await JQuantsPair.StartAsync(requestsPerMinute: 500);
        (both.Stub.Limit, both.Stub.RetryAfterSeconds) = (0, 0);

        using var refused = await both.Host.Client.GetAsync("/markets/topix", TestContext.Current.CancellationToken);
        using var early = await both.Host.Client.GetAsync("/markets/topix", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (refused.StatusCode, early.StatusCode));
        Assert.Single(both.Stub.Requests);
    }

    // Each question for a day of its own is one request: those that come too soon are told when to come back, the others wait.
    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(500)]
    public async Task WaitAsync_FloodOfRequests_KeepsEachMinuteToTheBudget(int requestsPerMinute)
    {
        var time = MarketApiHost.NewTime();
        var budget = new RequestBudget(Options.Create(new JQuantsOptions { RequestsPerMinute = requestsPerMinute }), time);
        var sent = new List<DateTimeOffset>();
        var refused = 0;

        var waits = Enumerable.Range(0, requestsPerMinute * 4).Select(_ => AskAsync()).ToList();
        for (var second = 0; second < 200; second++)
            time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(waits);

        // At most two minutes of waiting: the turns of now, of 61 s, and none later.
        Assert.Equal((requestsPerMinute * 2, requestsPerMinute * 2), (sent.Count, refused));
        Assert.Equal(requestsPerMinute, sent.Max(start => sent.Count(at => at >= start && at < start.AddMinutes(1))));

        async Task AskAsync()
        {
            try
            {
                await budget.WaitAsync(TestContext.Current.CancellationToken);
                lock (sent)
                    sent.Add(time.GetUtcNow());
            }
            catch (SourceException failure)
            {
                Assert.Equal(TimeSpan.FromSeconds(122), failure.RetryAfter);
                Interlocked.Increment(ref refused);
            }
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
