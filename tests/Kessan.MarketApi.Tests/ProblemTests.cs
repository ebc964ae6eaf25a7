using System.Text;
using System.Text.Json;

namespace Kessan.MarketApi.Tests;

public class ProblemTests
{
    // Development has other defaults: there, what cannot be read throws.
    [Theory]
    [InlineData("Development")]
    [InlineData("Testing")]
    public async Task Ask_WhatCannotBeRead_IsTheSameProblemInEveryEnvironment(string environment)
    {
        await using var host = await MarketApiHost.StartAsync(arguments: $"--environment={environment}");

        Assert.Equal("400 invalid-request", await AskAsync(host, HttpMethod.Get, "/stocks/7203/price?date=yesterday"));
        Assert.Equal("400 invalid-request", await AskAsync(host, HttpMethod.Get, "/stocks/prices"));
        Assert.Equal("400 invalid-request", await AskAsync(host, HttpMethod.Post, "/sessions", "{\"preferences\":"));
        Assert.Equal("415 unsupported-media-type", await AskAsync(host, HttpMethod.Post, "/sessions", "theme=dark", "text/plain"));
        Assert.Equal("413 body-too-large", await AskAsync(host, HttpMethod.Post, "/sessions", $"{{\"preferences\":{{\"x\":\"{new string('x', 64 << 10)}\"}}}}"));
        Assert.Equal("404 not-found", await AskAsync(host, HttpMethod.Get, "/nowhere"));
        Assert.Equal("405 method-not-allowed", await AskAsync(host, HttpMethod.Delete, "/markets"));
    }

    [Fact]
    public async Task PostSession_PreferencesAtAllTheirLimits_FitIntoTheBody()
    {
        await using var host = await MarketApiHost.StartAsync();
        var preferences = Enumerable.Range(0, 32).Select(i => $"\"{Escaped(64 - 2)}{i:00}\":\"{Escaped(256)}\"");

        var answer = await AskAsync(host, HttpMethod.Post, "/sessions", $"{{\"preferences\":{{{string.Join(',', preferences)}}}}}");

        Assert.NotEqual("413 body-too-large", answer);
        Assert.NotEqual("400 invalid-preferences", answer);

        static string Escaped(int count) => string.Concat(Enumerable.Repeat("\\u3042", count));
    }

    private static async Task<string> AskAsync(MarketApiHost host, HttpMethod method, string path, string? body = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType) };
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{(int)response.StatusCode} {text}";

        var problem = JsonElement.Parse(text);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return $"{(int)response.StatusCode} {problem.GetProperty("type").GetString()!.Replace("urn:kessan:problem:", "", StringComparison.Ordinal)}";
    }
}
