using System.Text.Json;

namespace Kessan.AppHost.Tests;

/// <summary>The manifest, made once and as azd makes it.</summary>
public sealed class PublishedManifest : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kessan-manifest-");

    public JsonElement Resources { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var path = Path.Combine(_directory.FullName, "manifest.json");
        await AppHostProcess.RunToEndAsync("--publisher", "manifest", "--output-path", path);

        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Resources = manifest.RootElement.GetProperty("resources").Clone();
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
