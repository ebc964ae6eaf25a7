using System.Collections.Concurrent;
using System.IO.Compression;
using Kessan.Caching.Calendar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kessan.MarketApi.Tests.JQuants;

/// <summary>
/// J-Quants as its documentation describes it: pages, compressed answers, five-character codes, figures as numbers or text, nulls on
/// days without a trade, a limit per minute with a block for those who go on.
/// </summary>
internal sealed class JQuantsStub : IAsyncDisposable
{
    public const string Key = "good-key";

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<(DateTimeOffset At, string Path)> _requests = new();

    private JQuantsStub(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    public string Address => _app.Urls.Single() + "/v2";

    /// <summary>What was asked, and when.</summary>
    public IReadOnlyCollection<(DateTimeOffset At, string Path)> Requests => _requests;

    /// <summary>How many requests in a minute are answered.</summary>
    public int Limit { get; set; } = int.MaxValue;

    /// <summary>What a refusal says in <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; set; }

    /// <summary>Nothing of these days is published.</summary>
    public DateOnly LatestDay { get; set; } = new(2025, 6, 10);

    /// <summary>Nothing is answered.</summary>
    public bool IsDown { get; set; }

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>How many rows a page has.</summary>
    public int PageSize { get; set; } = 2;

    /// <summary>Codes of more stocks, which trade every day.</summary>
    public IReadOnlyList<string> MoreStocks { get; set; } = [];

    /// <summary>More rows of the listing.</summary>
    public IReadOnlyList<string> MoreListings { get; set; } = [];

    /// <summary>Who announces results next: days and five-character codes.</summary>
    public IReadOnlyList<(string Day, string Code)> Announcements { get; set; } = [];

    public static async Task<JQuantsStub> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var stub = new JQuantsStub(app, time);
        app.MapGet("/v2/equities/bars/daily", (HttpContext context) => stub.AnswerAsync(context, stub.Quotes));
        app.MapGet("/v2/equities/master", (HttpContext context) => stub.AnswerAsync(context, _ => [.. Master(), .. stub.MoreListings]));
        app.MapGet("/v2/equities/earnings-calendar", (HttpContext context) => stub.AnswerAsync(context, _ =>
            [.. stub.Announcements.Select(row => $$"""{"Date":"{{row.Day}}","Code":"{{row.Code}}","CoName":"","FY":"3月31日","FQ":"第１四半期"}""")]));
        app.MapGet("/v2/fins/summary", (HttpContext context) => stub.AnswerAsync(context, _ => Statements()));
        app.MapGet("/v2/indices/bars/daily/topix", (HttpContext context) => stub.AnswerAsync(context, stub.Topix));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    /// <summary>The most requests that any 60 seconds saw.</summary>
    public int BusiestMinute()
    {
        var times = _requests.Select(request => request.At).Order().ToList();
        return times.Count == 0 ? 0 : times.Max(start => times.Count(time => time >= start && time < start.AddSeconds(60)));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, Func<IQueryCollection, string[]> rowsOf)
    {
        var now = _time.GetUtcNow();
        _requests.Enqueue((now, context.Request.Path + context.Request.QueryString));
        if (Gate is { } gate)
            await gate.Task.WaitAsync(context.RequestAborted);
        if (IsDown)
        {
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "Down.");
        }
        else if (context.Request.Headers["x-api-key"] != Key)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The API key is invalid or expired.");
        }
        else if (_requests.Count(request => request.At > now.AddSeconds(-60)) > Limit)
        {
            if (RetryAfterSeconds is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Rate limit exceeded.");
        }
        else
        {
            await AnswerPageAsync(context, rowsOf(context.Request.Query));
        }
    }

    // The key is the place where the next page begins, in a form that must be encoded.
    private async Task AnswerPageAsync(HttpContext context, string[] rows)
    {
        var start = context.Request.Query.TryGetValue("pagination_key", out var key) ? int.Parse(key.ToString()[2..], null) : 0;
        var page = string.Join(',', rows.Skip(start).Take(PageSize));
        var next = start + PageSize < rows.Length ? $",\"pagination_key\":\"+&{start + PageSize}\"" : "";
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = "gzip";
        await using var zipped = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await zipped.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{{\"data\":[{page}]{next}}}"), context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { message }, context.RequestAborted);
    }

    private string[] Quotes(IQueryCollection query)
    {
        if (query.TryGetValue("date", out var date))
            return Day(DateOnly.Parse(date!, null));
        var (from, to) = (DateOnly.Parse(query["from"]!, null), DateOnly.Parse(query["to"]!, null));
        var row = $"\"Code\":\"{query["code"]}\"";
        return [.. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1)
            .SelectMany(offset => Day(from.AddDays(offset)).Where(line => line.Contains(row, StringComparison.Ordinal)))];
    }

    // 7203 trades, 6758 comes as text, 9984 has no trade, 130A splits two for one on 10 June.
    private string[] Day(DateOnly day)
    {
        if (day > LatestDay || !new TokyoMarketCalendar().IsTradingDay(day))
            return [];
        var close = 2000 + day.Day;
        return
        [
            $$"""{"Date":"{{day:yyyy-MM-dd}}","Code":"72030","O":2000.0,"H":2100.0,"L":1990.0,"C":{{close}}.0,"UL":"0","LL":"0","Vo":2202500.0,"Va":4507051850.0,"AdjFactor":1.0}""",
            $$"""{"Date":"{{day:yyyyMMdd}}","Code":"67580","O":"3900","H":"3950.5","L":"3890","C":"3900.5","UL":"0","LL":"0","Vo":"100","AdjFactor":"1.0"}""",
            $$"""{"Date":"{{day:yyyy-MM-dd}}","Code":"99840","O":null,"H":null,"L":null,"C":null,"UL":"","LL":"","Vo":null,"AdjFactor":1.0}""",
            $$"""{"Date":"{{day:yyyy-MM-dd}}","Code":"130A0","O":{{Small(day)}},"H":{{Small(day)}},"L":{{Small(day)}},"C":{{Small(day)}},"Vo":{{Shares(day)}},"AdjFactor":{{(day.Day == 10 ? "0.5" : "1.0")}},"AdjO":320.0,"AdjH":320.0,"AdjL":320.0,"AdjC":320.0,"AdjVo":200.0}""",
            $$"""{"Date":"{{day:yyyy-MM-dd}}","Code":"odd","O":1,"H":1,"L":1,"C":1,"Vo":1,"AdjFactor":1}""",
            .. MoreStocks.Select(code => $$"""{"Date":"{{day:yyyy-MM-dd}}","Code":"{{code}}0","O":{{close}},"H":{{close}},"L":{{close}},"C":{{close}},"Vo":100,"AdjFactor":1}"""),
        ];

        static int Shares(DateOnly day) => day.Day >= 10 ? 200 : 100;
        static int Small(DateOnly day) => day.Day >= 10 ? 320 : 640;
    }

    private static string[] Master() =>
    [
        """{"Date":"2025-06-10","Code":"72030","CoName":"トヨタ自動車","CoNameEn":"TOYOTA MOTOR CORPORATION","S33":"3700","S33Nm":"輸送用機器","Mkt":"0111","MktNm":"プライム"}""",
        """{"Date":"2025-06-10","Code":"67580","CoName":"ソニーグループ","CoNameEn":"SONY GROUP CORPORATION","S33Nm":"電気機器","MktNm":"プライム"}""",
        """{"Date":"2025-06-10","Code":"130A0","CoName":"Ｖｅｒｉｔａｓ Ｉｎ Ｓｉｌｉｃｏ","CoNameEn":null,"S33Nm":"医薬品","MktNm":"グロース"}""",
    ];

    private static string[] Statements() =>
    [
        """{"DiscDate":"2024-08-01","CurPerType":"1Q","CurPerSt":"2024-04-01","CurPerEn":"2024-06-30","Sales":"11837879000000","OP":"1308462000000","NP":"1333360000000","EPS":"98.99"}""",
        """{"DiscDate":"2025-05-08","CurPerType":"FY","CurPerSt":"2024-04-01","CurPerEn":"2025-03-31","Sales":"48036704000000","OP":"","NP":"4765086000000","EPS":"359.56"}""",
        """{"DiscDate":"2025-05-20","CurPerType":"FY","CurPerSt":"2024-04-01","CurPerEn":"2025-03-31","Sales":"48036704000001","OP":"","NP":"4765086000000","EPS":"359.56"}""",
        """{"DiscDate":"2025-05-30","CurPerType":"FY","CurPerSt":"2025-04-01","CurPerEn":"2026-03-31","Sales":"","OP":"","NP":"","EPS":""}""",
    ];

    private string[] Topix(IQueryCollection query)
    {
        var to = DateOnly.Parse(query["to"]!, null);
        string[] rows =
        [
            """{"Date":"2025-06-09","O":2770.1,"H":2790.2,"L":2768.0,"C":2785.41}""",
            """{"Date":"2025-06-10","O":2785.1,"H":2800.0,"L":2780.0,"C":2786.24}""",
        ];
        return to > LatestDay || to.Day <= 10
            ? rows
            : [.. rows, $$"""{"Date":"{{to:yyyy-MM-dd}}","O":2786.1,"H":2801.0,"L":2781.0,"C":2790.5}"""];
    }
}
