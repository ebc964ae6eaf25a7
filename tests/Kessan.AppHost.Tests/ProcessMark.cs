namespace Kessan.AppHost.Tests;

/// <summary>An environment variable that every descendant of a process inherits: who carries it was started by the test.</summary>
internal sealed class ProcessMark
{
    public const string Variable = "KESSAN_TEST_MARK";

    public const string LinuxOnly = "finds the processes that are left in /proc, which only Linux has";

    public string Value { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Waits until nobody carries the mark any more.</summary>
    /// <returns>The command lines of those that still do when the time is over.</returns>
    public async Task<IReadOnlyList<string>> WaitUntilGoneAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = Carriers();
            if (left.Count == 0 || TimeProvider.System.GetElapsedTime(start) > patience)
                return left;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    private List<string> Carriers()
    {
        var carriers = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(directory, "environ")).Contains($"{Variable}={Value}", StringComparison.Ordinal))
                    carriers.Add(File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' '));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked, or belongs to somebody else.
            }
        }

        return carriers;
    }
}
