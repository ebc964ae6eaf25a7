namespace Kessan.Caching.Timing;

/// <summary>Tasks that go on when nobody waits for them any more.</summary>
internal static class Unobserved
{
    /// <summary>Keeps a later failure of the task from being reported as unobserved.</summary>
    public static void Ignore(Task task) => _ = task.ContinueWith(
        static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
