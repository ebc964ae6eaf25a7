namespace Kessan.EmbeddedRedis;

/// <summary>The directory of one server, kept by a lock file: two servers over the same files would destroy them.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    public static DataDirectory Take(string path)
    {
        try
        {
            path = Directory.CreateDirectory(path).FullName;
            var file = System.IO.Path.Combine(path, "kessan.lock");
            return new DataDirectory(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EmbeddedRedisException(
                $"The data directory '{path}' cannot be used, or another server uses it: {failure.Message}", failure);
        }
    }

    public void Dispose() => _lock.Dispose();
}
