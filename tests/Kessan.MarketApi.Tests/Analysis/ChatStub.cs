using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kessan.MarketApi.Tests.Analysis;

/// <summary>An OpenAI-compatible endpoint on loopback that always says the same.</summary>
internal sealed class ChatStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChatStub(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single() + "/v1";

    /// <summary>What every answer is; 200 unless a test wants a failure.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public ConcurrentQueue<(string? Authorization, string Body)> Requests { get; } = new();

    public static async Task<ChatStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var stub = new ChatStub(app);
        app.MapPost("/v1/chat/completions", stub.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        Requests.Enqueue((request.Headers.Authorization, await reader.ReadToEndAsync(request.HttpContext.RequestAborted)));
        if (Gate is { } gate)
            await gate.Task.WaitAsync(request.HttpContext.RequestAborted);
        return Status != StatusCodes.Status200OK ? Results.StatusCode(Status) : Results.Text(
            """
            {"id":"1","object":"chat.completion","created":1,"model":"stub-1","choices":[{"index":0,"finish_reason":"stop",
             "message":{"role":"assistant","content":" The averages say little. "}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
            """, "application/json");
    }
}
