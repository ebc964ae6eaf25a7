using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kessan.AppHost.Tests;

/// <summary>The system for real: once in the test's process on random ports, once as a program on the ports of the docs.</summary>
public sealed class RunTests
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_PriceAskedAgain_IsAHitAndNoProcessIsLeft()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartPatience);
        var mark = new ProcessMark();
        Environment.SetEnvironmentVariable(ProcessMark.Variable, mark.Value);

        await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kessan_AppHost>(
            ["--DOTNET_LAUNCH_PROFILE=http"], limit.Token))
        {
            builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            await using var app = await builder.BuildAsync(limit.Token);
            await app.StartAsync(limit.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("marketapi", limit.Token);
            using var client = app.CreateHttpClient("marketapi");

            await AssertMissThenHitAsync(client, limit.Token);

            var cacheService = builder.Resources.Single(resource => resource.Name == "cacheservice");
            foreach (var command in (string[])["clean-up", "invalidate-all"])
            {
                // Not always the first time: on a busy machine the service may think for a moment that Redis is away.
                var start = TimeProvider.System.GetTimestamp();
                var result = await app.ResourceCommands.ExecuteCommandAsync(cacheService, command, limit.Token);
                while (!result.Success && TimeProvider.System.GetElapsedTime(start) < CommandPatience)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
                    result = await app.ResourceCommands.ExecuteCommandAsync(cacheService, command, limit.Token);
                }

                Assert.True(result.Success, $"{command}: {result.Message}");
            }

            await app.StopAsync(limit.Token);
        }

        if (OperatingSystem.IsLinux())
            Assert.Empty(await mark.WaitUntilGoneAsync(TimeSpan.FromSeconds(20), limit.Token));
    }

    [Fact]
    public async Task Run_AsAProgram_StopsOnSigtermAndLeavesNoProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), ProcessMark.LinuxOnly);
        foreach (var port in AppHostProcess.Ports)
            Assert.SkipUnless(IsFree(port), $"port {port} is taken");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartPatience);
        var mark = new ProcessMark();

        using (var appHost = AppHostProcess.Start(mark))
        {
            using var client = new HttpClient { BaseAddress = new("http://localhost:5080") };
            await WaitUntilReadyAsync(appHost, limit.Token);
            await AssertMissThenHitAsync(client, limit.Token);
            await WaitForDashboardAsync(client, limit.Token);

            appHost.Terminate();

            Assert.Empty(await mark.WaitUntilGoneAsync(TimeSpan.FromSeconds(20), limit.Token));
        }
    }

    private static async Task AssertMissThenHitAsync(HttpClient client, CancellationToken cancellationToken)
    {
        Assert.False(await AskAsync(client, cancellationToken));
        // The second answer, but for a machine so busy that the layers miss their time limits at first.
        while (!await AskAsync(client, cancellationToken))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
    }

    /// <summary>Asks for a price.</summary>
    /// <returns>Whether the answer came from the cache.</returns>
    private static async Task<bool> AskAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync("/stocks/7203/price", cancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Cache-Status").Any(status => status.Contains("hit", StringComparison.Ordinal));
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // It starts beside the others, and nothing says when it is ready.
    private static async Task WaitForDashboardAsync(HttpClient client, CancellationToken cancellationToken)
    {
        while (!await IsThereAsync())
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);

        async Task<bool> IsThereAsync()
        {
            try
            {
                using var answer = await client.GetAsync(AppHostProcess.DashboardAddress, cancellationToken);
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    private static async Task WaitUntilReadyAsync(AppHostProcess appHost, CancellationToken cancellationToken)
    {
        while (!appHost.Output.Contains("Kessan is ready: market API http://localhost:5080, cache service http://localhost:5081.", StringComparison.Ordinal))
        {
            Assert.False(appHost.HasExited, appHost.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }
}
