namespace Kessan.EmbeddedRedis.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kessan-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
