using Kessan.MarketApi.Tests.Whole;
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
        await Expect(page.Locator("#board tbody tr")).ToHaveCountAsync(20);

        // By keyboard alone: search, choose what was found.
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("nintendo");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#board tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("#stock-title")).ToHaveTextAsync("7974 Nintendo");
        await Expect(page.Locator("#chart canvas")).ToBeVisibleAsync();
        await Expect(page.Locator("#analysis dd")).ToHaveCountAsync(6);

        // Forgotten on all nodes, the next question is a miss and the one after it a hit.
        await page.Locator("#refresh").ClickAsync();
        await Expect(page.Locator("#stock-origin")).ToContainTextAsync("Invalidated");
        await page.Locator("#ask").ClickAsync();
        await Expect(page.Locator("#stock-origin .badge")).ToHaveTextAsync("source");
        await page.Locator("#ask").ClickAsync();
        await Expect(page.Locator("#stock-origin .badge")).ToHaveTextAsync("L1");
        await Expect(page.Locator("#hit-rate")).ToContainTextAsync("%");
        await KeepAsync(page, "market-page.png");

        await system.StopCacheServiceAsync();
        await page.Locator("#ask").ClickAsync();
        await Expect(page.Locator("#stock-origin .badge")).Not.ToHaveTextAsync("failed");
        await page.Locator("#search").FillAsync("sony");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#stock-title")).ToHaveTextAsync("6758 Sony Group");
        await Expect(page.Locator("#stock-price")).ToContainTextAsync("¥");
        await Expect(page.Locator("#count-error")).ToHaveTextAsync("0");
        await KeepAsync(page, "market-page-outage.png");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_OnAPhone_FitsAndIsUsableByTouch()
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync();
        var (page, complaints) = await browser.OpenAsync(host.Client.BaseAddress!.ToString(), width: 360, height: 740);

        var widest = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        var small = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('button, input[type=search], .switch')].filter(it => it.getBoundingClientRect().height < 40).map(it => it.outerHTML)");
        await page.Locator("#board button").Nth(3).ClickAsync();
        var chosen = await page.Locator("#board tr[aria-selected=true]").GetAttributeAsync("data-ticker");

        Assert.InRange(widest, 1, 360);
        Assert.Empty(small);
        await Expect(page.Locator("#stock-title")).ToContainTextAsync(chosen!);
        await KeepAsync(page, "market-page-phone.png");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_ArrowKeys_MoveOnTheBoard()
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await MarketApiHost.StartAsync();
        var (page, _) = await browser.OpenAsync(host.Client.BaseAddress!.ToString());

        await page.Locator("#board button").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");

        var second = await page.Locator("#board tbody tr").Nth(1).GetAttributeAsync("data-ticker");
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
