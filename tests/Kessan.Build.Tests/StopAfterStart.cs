namespace Kessan.Build.Tests;

internal static class StopAfterStart
{
    /// <summary>Cancels when a shell has had the time to set its trap.</summary>
    public static async Task CancelAfterStartAsync(this CancellationTokenSource source)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, TestContext.Current.CancellationToken);
        await source.CancelAsync();
    }
}
