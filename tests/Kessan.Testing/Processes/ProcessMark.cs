namespace Kessan.Testing.Processes;

/// <summary>An environment variable that every descendant of a process inherits: who carries it was started by the test.</summary>
public sealed class ProcessMark
{
    public const string Variable = "KESSAN_TEST_MARK";

    /// <summary>The reason to skip a test elsewhere.</summary>
    public const string LinuxOnly = "looks in /proc for the processes that are left, which only Linux has";

    public string Value { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Waits until nobody carries the mark any more.</summary>
    /// <returns>The command lines of those that still do when the patience is over.</returns>
    public async Task<IReadOnlyList<string>> WaitUntilGoneAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = Carriers();
            if (left.Count == 0 || TimeProvider.System.GetElapsedTime(start) > patience)
                return [.. left.Select(static process => process.CommandLine)];
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    internal List<(int Id, string CommandLine)> Carriers()
    {
        var carriers = new List<(int, string)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var id))
                continue;

            try
            {
                if (File.ReadAllText(Path.Combine(directory, "environ")).Contains($"{Variable}={Value}", StringComparison.Ordinal))
                    carriers.Add((id, File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ')));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked, or belongs to somebody else.
            }
        }

        return carriers;
    }
}
