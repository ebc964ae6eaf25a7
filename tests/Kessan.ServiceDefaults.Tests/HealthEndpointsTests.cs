using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kessan.ServiceDefaults.Tests;

public sealed class HealthEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Endpoints_InEveryEnvironment_AreMapped(string environment)
    {
        await using var host = await SampleHost.StartAsync(environment: environment);

        using var health = await host.Client.GetAsync("/health", Stop);
        using var alive = await host.Client.GetAsync("/alive", Stop);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal("Healthy", await health.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, HttpStatusCode.OK)]
    [InlineData(HealthStatus.Degraded, HttpStatusCode.OK)]
    [InlineData(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable)]
    public async Task Health_ACheckReports_AnswersWithTheStatus(HealthStatus status, HttpStatusCode expected)
    {
        await using var host = await SampleHost.StartAsync(builder => AddCheck(builder, status));

        using var answer = await host.Client.GetAsync("/health", Stop);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(status.ToString(), await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Alive_ACheckThatIsNotLiveIsUnhealthy_StaysOk()
    {
        await using var host = await SampleHost.StartAsync(static builder => AddCheck(builder, HealthStatus.Unhealthy));

        using var answer = await host.Client.GetAsync("/alive", Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Alive_ALiveCheckIsUnhealthy_IsUnavailable()
    {
        await using var host = await SampleHost.StartAsync(static builder => AddCheck(builder, HealthStatus.Unhealthy, "live"));

        using var answer = await host.Client.GetAsync("/alive", Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public void AddServiceDefaults_Twice_AddsEverythingOnce()
    {
        var builder = WebApplication.CreateBuilder();

        builder.AddServiceDefaults();
        var count = builder.Services.Count;
        builder.AddServiceDefaults();

        Assert.Equal(count, builder.Services.Count);
        using var services = builder.Services.BuildServiceProvider();
        Assert.Single(services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
    }

    private static void AddCheck(WebApplicationBuilder builder, HealthStatus status, params string[] tags) =>
        builder.Services.AddHealthChecks().AddCheck("other", () => new HealthCheckResult(status), tags);
}
