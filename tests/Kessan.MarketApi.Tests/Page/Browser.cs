using Microsoft.Playwright;

namespace Kessan.MarketApi.Tests.Page;

/// <summary>A real browser without a window: the one that is installed, driven by Playwright.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Variable = "KESSAN_CHROMIUM";
    private const string DebiansChromium = "/usr/bin/chromium";

    /// <summary>How long a page may take to show something: other tests, and a browser, share the machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it; skips the test if there is none.</summary>
    public static async Task<Browser> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable(Variable) ?? DebiansChromium;
        Assert.SkipUnless(File.Exists(path), $"There is no browser at {path}: install chromium, or name another in {Variable}.");

        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            // As root, as in containers, the sandbox does not start; all pages here are our own.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
        return new Browser(playwright, browser);
    }

    /// <summary>The same for the API alone, whose clock stands in 2025: the browser's is set to it.</summary>
    public Task<(IPage Page, List<string> Complaints)> OpenAsync(
        MarketApiHost host, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light) =>
        OpenAsync(host.Client.BaseAddress!.ToString(), width, height, scheme, host.Time.GetUtcNow());

    /// <summary>A fresh page that fails the test in the end if anything in it went wrong.</summary>
    public async Task<(IPage Page, List<string> Complaints)> OpenAsync(
        string address, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, DateTimeOffset? now = null)
    {
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
        });
        if (now is { } fixedTime)
            await page.Clock.SetFixedTimeAsync(fixedTime.UtcDateTime);
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
        await page.GotoAsync(address);
        await page.Locator("html[data-ready]").WaitForAsync();
        return (page, complaints);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
