using System.Text.RegularExpressions;
using Kessan.MarketApi.Tests.Whole;
using Kessan.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kessan.MarketApi.Tests.Page;

public class PageTests
{
    [Fact]
    public async Task Page_SearchMissHitAndOutage_GoesOn()
    {
        await using var browser = await Browser.StartAsync();
        await using var system = await WholeSystem.StartAsync();
        var (page, complaints) = await browser.OpenAsync(system.Address);
        await page.Locator("#live").UncheckAsync(); // or the page may ask by itself in between
        await Expect(page.Locator("#board tbody tr")).ToHaveCountAsync(20);

        // By keyboard alone: search, choose what was found.
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("nintendo");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#board tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("#stock-title")).ToHaveTextAsync("7974 Nintendo");
        await Expect(page.Locator("#chart canvas")).ToBeVisibleAsync();
        await Expect(page.Locator("#analysis dd")).ToHaveCountAsync(6);

        // Forgotten on all nodes, the next question is a miss; one of those after it is a hit of L1. Not always the very next: what is filled
        // while this node hears of the invalidation is kept nowhere, and a busy machine may let it doubt that it has heard of every change.
        await Expect(page.Locator("#stock-origin .badge")).ToBeVisibleAsync(); // the question by which it was chosen is answered
        await page.Locator("#refresh").ClickAsync();
        await Expect(page.Locator("#stock-origin")).ToContainTextAsync("Invalidated");
        await page.Locator("#ask").ClickAsync();
        await Expect(page.Locator("#stock-origin .badge")).ToHaveTextAsync("source");
        await Eventually.HoldsAsync(async () =>
        {
            await page.Locator("#ask").ClickAsync();
            return await page.Locator("#stock-origin .badge").TextContentAsync() == "L1";
        }, Browser.Patience);
        await Expect(page.Locator("#hit-rate")).ToContainTextAsync("%");
        await page.Locator("#live").CheckAsync();
        await KeepAsync(page, "market-page.png");

        // Without the cache service: what this API remembers, else the source; and the page says why.
        await system.StopCacheServiceAsync();
        await page.Locator("#ask").ClickAsync();
        await Expect(page.Locator("#stock-origin .badge")).Not.ToHaveTextAsync("failed");
        await page.Locator("#search").FillAsync("sony");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#stock-title")).ToHaveTextAsync("6758 Sony Group");
        await Expect(page.Locator("#stock-price")).ToContainTextAsync("¥");
        await Expect(page.Locator("#analysis dd")).ToHaveCountAsync(6);
        await Eventually.HoldsAsync(async () =>
        {
            await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))"); // refreshes at once
            return await page.Locator("#health").IsVisibleAsync();
        }, Browser.Patience);
        await Expect(page.Locator("#count-error")).ToHaveTextAsync("0");
        await KeepAsync(page, "market-page-outage.png");
        Assert.Empty(complaints);

        // Without the API there is nothing new; what was there stays.
        await system.StopMarketApiAsync();
        await page.Locator("#ask").ClickAsync();
        await Expect(page.Locator("#trouble")).ToContainTextAsync("The market API does not answer.");
        await Expect(page.Locator("#stock-price")).ToContainTextAsync("¥");
        await KeepAsync(page, "market-page-no-api.png");
    }

    [Fact]
    public async Task Page_SourceFails_ShowsStalePricesWithTheirAge()
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync();
        var (page, complaints) = await browser.OpenAsync(host);
        await page.Locator("#live").UncheckAsync(); // or the whole board may be asked for, and be stale too
        await Expect(page.Locator("#stock-price")).ToContainTextAsync("¥");
        await Expect(page.Locator("#analysis dd")).ToHaveCountAsync(6);
        await Expect(page.Locator("#news li")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("#chart-text")).Not.ToBeEmptyAsync();

        host.Configuration["Market:BuiltIn:FailureRate"] = "1";
        host.Configuration.Reload();
        host.Time.Advance(TimeSpan.FromMinutes(20));
        await page.Locator("#ask").ClickAsync();

        await Expect(page.Locator("#stock-origin")).ToContainTextAsync("stale 20 min old");
        await Expect(page.Locator("#board tr.chosen .badge")).ToHaveTextAsync("stale");
        await Expect(page.Locator("#count-stale")).ToHaveTextAsync("1");
        await Expect(page.Locator("#stock-price")).ToContainTextAsync("¥");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_QuotaUsedUp_SaysSoAndStopsAsking()
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync([new("Market:AnonymousDailyLimit", "7")]); // as many as the page asks at its start
        var (page, _) = await browser.OpenAsync(host);
        await Expect(page.Locator("#quota")).ToHaveTextAsync(" 0 requests left today from this address.");

        await page.Locator("#ask").ClickAsync();
        await Expect(page.Locator("#trouble")).ToContainTextAsync("The daily quota is used up.");
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath);
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange')); fetch('alive')"); // would refresh at once

        Assert.Equal(["/alive"], asked);
        await Expect(page.Locator("#stock-price")).ToContainTextAsync("¥");
    }

    // A market has more stocks than the board shows.
    [Theory]
    [InlineData("?stock=1359", "1359")]
    [InlineData("", "7203")]
    [InlineData("?stock=9999", "1300")]
    public async Task Page_StockIsNotAmongTheFirst_IsFound(string query, string expected)
    {
        await using var browser = await Browser.StartAsync();
        var directory = Directory.CreateTempSubdirectory();
        foreach (var code in Enumerable.Range(1300, 60).Append(7203))
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, $"{code}.csv"), "Date,Open,High,Low,Close,Volume\n2025-06-10,1,2,1,2,100\n", TestContext.Current.CancellationToken);
        await using var host = await MarketApiHost.StartAsync([new("Market:Source", "csv"), new("Market:Csv:Directory", directory.FullName)]);

        var (page, _) = await browser.OpenAsync(new Uri(host.Client.BaseAddress!, query).AbsoluteUri);

        await Expect(page.Locator("#stock-title")).ToContainTextAsync(expected);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Page_AskedBySpanOfTime_HasItsChartAndItsTable()
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync();
        var (page, complaints) = await browser.OpenAsync(host);
        await Expect(page.Locator("#chart-text")).ToContainTextAsync("2024-12-11 to 2025-06-11");

        await page.GetByLabel("1 m").CheckAsync();
        await Expect(page.Locator("#chart-text")).ToContainTextAsync("2025-05-12 to 2025-06-11");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("#chart-text")).ToContainTextAsync("2025-03-11 to 2025-06-11");
        await page.Locator("#chart-table summary").ClickAsync();

        await Expect(page.Locator("#chart-table tbody tr")).ToHaveCountAsync(20);
        await Expect(page.Locator("#chart-table tbody th").First).ToHaveTextAsync("2025-06-11");
        await Expect(page.Locator("#chart")).ToHaveAttributeAsync("aria-label", new Regex("^Price chart of Toyota Motor. 2025-03-11 to 2025-06-11: low "));
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_InEitherScheme_HasReadableColoursAndNamesForEverything(ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync();
        var (page, complaints) = await browser.OpenAsync(host, scheme: scheme);
        await Expect(page.Locator("#news li")).Not.ToHaveCountAsync(0);

        var unnamed = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('input')].filter(it => it.labels.length === 0).map(it => it.outerHTML)"
            + ".concat([...document.querySelectorAll('button, a, summary')].filter(it => !it.textContent.trim()).map(it => it.outerHTML))");
        Assert.Empty(await Contrast.FindWeakAsync(page));
        Assert.Empty(unnamed);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_OnAPhone_FitsAndIsUsableByTouch()
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync();
        var (page, complaints) = await browser.OpenAsync(host, width: 360, height: 740);

        var widest = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        var small = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('button, input[type=search], .switch, .segments label')].filter(it => it.getBoundingClientRect().height < 44).map(it => it.outerHTML)");
        await page.Locator("#board button").Nth(3).ClickAsync();
        var chosen = await page.Locator("#board tr:has(button[aria-current=true])").GetAttributeAsync("data-ticker");

        Assert.InRange(widest, 1, 360);
        Assert.Empty(small);
        await Expect(page.Locator("#stock-title")).ToContainTextAsync(chosen!);
        await Expect(page.Locator("#stock-title")).ToBeInViewportAsync();
        await Expect(page.Locator("#chart canvas")).ToBeVisibleAsync();
        await KeepAsync(page, "market-page-phone.png");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_ArrowKeys_MoveOnTheBoard()
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync();
        var (page, _) = await browser.OpenAsync(host);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.PressAsync("ArrowDown"); // into the list
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");

        var second = await page.Locator("#board tbody tr").Nth(1).GetAttributeAsync("data-ticker");
        await Expect(page.Locator("#stock-title")).ToContainTextAsync(second!);
        Assert.EndsWith($"?stock={second}", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(page.Locator("#stock-title")).ToContainTextAsync(second!);
    }

    // Kept beside the test program and with its results.
    private static async Task KeepAsync(IPage page, string name)
    {
        var picture = await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(AppContext.BaseDirectory, "screenshots", name),
            FullPage = true,
        });
        TestContext.Current.AddAttachment(name, picture, "image/png");
    }
}
