namespace Kessan.AppHost.Tests;

/// <summary>What <c>aspire publish</c> writes: it starts the AppHost with the arguments used here.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kessan-publish-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Publish_WritesDockerCompose()
    {
        await PublishAsync();

        var compose = await ReadAsync("docker-compose.yaml");
        Assert.Contains("  cacheservice:", compose, StringComparison.Ordinal);
        Assert.Contains("  marketapi:", compose, StringComparison.Ordinal);
        Assert.Contains("--maxmemory-policy volatile-lfu", compose, StringComparison.Ordinal);
        Assert.DoesNotContain("embedded", compose, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_ForKubernetes_WritesAChartWithTwoReplicas()
    {
        await PublishAsync("--target", "kubernetes");

        Assert.True(File.Exists(Path.Combine(_directory.FullName, "Chart.yaml")));
        Assert.Contains("replicas: 2", await ReadAsync("templates", "cacheservice", "deployment.yaml"), StringComparison.Ordinal);
        Assert.Contains("replicas: 1", await ReadAsync("templates", "marketapi", "deployment.yaml"), StringComparison.Ordinal);
    }

    private Task PublishAsync(params string[] more) =>
        AppHostProcess.RunToEndAsync(["--operation", "publish", "--step", "publish", "--output-path", _directory.FullName, .. more]);

    private Task<string> ReadAsync(params string[] path) =>
        File.ReadAllTextAsync(Path.Combine([_directory.FullName, .. path]), TestContext.Current.CancellationToken);
}
