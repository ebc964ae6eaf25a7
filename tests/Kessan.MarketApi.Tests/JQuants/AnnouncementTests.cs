using Kessan.MarketApi.JQuants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kessan.MarketApi.Tests.JQuants;

// The host starts on Wednesday 11 June 2025 at 10:00:30; J-Quants renews its calendar at 10:05 and 19:00.
public class AnnouncementTests
{
    private static readonly TimeSpan Tokyo = TimeSpan.FromHours(9);

    [Fact]
    public async Task Financials_OfACompanyThatAnnouncesToday_EndAtThreeAndLiveFiveMinutesFromThen()
    {
        var time = new WatchedTime();
        await using var stub = await JQuantsStub.StartAsync(time);
        (stub.PageSize, stub.Announcements) = (1_000, [("2025-06-11", "72030"), ("20250611", "130A0"), ("", "99840")]); // five requests fit the minute
        await using var host = await StartAsync(stub, time);
        await time.MoveToAsync(At(10, 5, 5));

        var morning = await TtlAsync(host, "/stocks/7203/financials/annual/FY");
        var other = await TtlAsync(host, "/stocks/6758/financials/annual/FY");
        time.SetUtcNow(At(15, 0, 0));
        var afternoon = await TtlAsync(host, "/stocks/7203/financials/annual/FY");

        Assert.Equal("ttl=17695", morning); // 15:00
        Assert.Equal("ttl=28500", other); // 18:00:05
        Assert.Equal("ttl=300", afternoon);
    }

    [Fact]
    public async Task Announcements_AtStartAndAtEachUpdate_AreAskedForOnce()
    {
        var time = new WatchedTime();
        await using var stub = await JQuantsStub.StartAsync(time);
        stub.Announcements = [("2025-06-11", "72030")];
        await using var host = await StartAsync(stub, time);
        var announcements = host.Services.GetRequiredService<Announcements>();

        await time.MoveToAsync(At(10, 5, 5));
        await time.MoveToAsync(At(19, 0, 5));
        stub.Announcements = [("2025-06-12", "67580")];
        await time.MoveToAsync(At(34, 5, 5));
        await time.MoveToAsync(At(43, 0, 5));
        var today = new DateOnly(2025, 6, 12);

        Assert.Equal([At(10, 0, 30), At(10, 5, 5), At(19, 0, 5), At(34, 5, 5)], stub.Requests.Select(request => request.At).Take(4));
        Assert.All(stub.Requests, request => Assert.StartsWith("/v2/equities/earnings-calendar", request.Path, StringComparison.Ordinal));
        Assert.Equal((true, false), (announcements.Announces("6758", today), announcements.Announces("7203", today)));
        Assert.False(announcements.Announces("7203", today.AddDays(-1))); // over, and forgotten
    }

    [Fact]
    public async Task Announcements_WhileJQuantsIsDown_AreNoneSaidOnceAndAskedForAgain()
    {
        var time = new WatchedTime();
        await using var stub = await JQuantsStub.StartAsync(time);
        (stub.IsDown, stub.Announcements) = (true, [("2025-06-11", "72030")]);
        await using var host = await StartAsync(stub, time);
        var announcements = host.Services.GetRequiredService<Announcements>();

        await time.MoveToAsync(At(10, 5, 5));
        await time.MoveToAsync(At(10, 15, 5));
        await time.SeeWaitAsync(At(10, 25, 5));
        var none = announcements.Announces("7203", new DateOnly(2025, 6, 11));
        stub.IsDown = false;
        await time.MoveToAsync(At(10, 25, 5));
        await time.SeeWaitAsync(At(19, 0, 5));

        Assert.False(none);
        Assert.True(announcements.Announces("7203", new DateOnly(2025, 6, 11)));
        Assert.Single(host.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id == 5008);
    }

    // Nobody would use them: without the market calendar, from another source, or with statements that are weeks old.
    [Theory]
    [InlineData("Kessan:Cache:MarketCalendar:Enabled", "false")]
    [InlineData("Market:Source", "built-in")]
    [InlineData("Market:JQuants:DelayDays", "84")]
    public async Task Announcements_ThatNobodyNeeds_AreNotAskedFor(string setting, string value)
    {
        var time = new WatchedTime();
        await using var stub = await JQuantsStub.StartAsync(time);
        await using var host = await StartAsync(stub, time, (setting, value));

        // It has nothing to do, and ends.
        var refresher = host.Services.GetServices<IHostedService>().OfType<AnnouncementRefresher>().Single();
        await refresher.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Empty(stub.Requests);
    }

    private static Task<MarketApiHost> StartAsync(JQuantsStub stub, WatchedTime time, (string Name, string Value)? other = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Market:Source"] = "jquants",
            ["Market:JQuants:BaseAddress"] = stub.Address,
            ["Market:JQuants:ApiKey"] = JQuantsStub.Key,
            ["Kessan:Cache:MarketCalendar:Enabled"] = "true",
        };
        if (other is { } change)
            settings[change.Name] = change.Value;
        return MarketApiHost.StartAsync(settings, builder => builder.Logging.AddFakeLogging(), time);
    }

    private static DateTimeOffset At(int hour, int minute, int second) => new DateTimeOffset(2025, 6, 11, 0, 0, 0, Tokyo) + new TimeSpan(hour, minute, second);

    private static async Task<string> TtlAsync(MarketApiHost host, string path)
    {
        using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("Cache-Status").Single().Split("; ").Single(part => part.StartsWith("ttl", StringComparison.Ordinal));
    }
}
