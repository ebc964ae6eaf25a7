namespace Kessan.Testing.Simulation;

/// <summary>
/// Leaves one worker to the thread pool of this process until disposed: what is queued then runs one after the other, in an order that follows
/// from the program alone. A simulation that runs on that worker is repeatable, and <see cref="Settle.AllAsync"/> knows exactly when all is
/// quiet. No other test may run meanwhile.
/// </summary>
public sealed class OneWorker : IDisposable
{
    private static int _instances;

    private readonly ManualResetEventSlim _end = new();
    private readonly (int Workers, int Ports) _before;

    public OneWorker()
    {
        ThreadPool.GetMaxThreads(out var workers, out var ports);
        _before = (workers, ports);
        ThreadPool.GetMinThreads(out var least, out var leastPorts);
        var count = Environment.ProcessorCount; // the pool takes no lower number
        if (least > count) ThreadPool.SetMinThreads(count, leastPorts);
        if (!ThreadPool.SetMaxThreads(count, ports)) throw new InvalidOperationException($"The thread pool cannot be bounded to {count} workers.");
        using var blocked = new CountdownEvent(count);
        for (var i = 1; i < count; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static both =>
                {
                    both.blocked.Signal();
                    both._end.Wait();
                },
                (blocked, _end),
                preferLocal: false);
        }

        blocked.Signal();
        blocked.Wait();
        Interlocked.Increment(ref _instances);
    }

    /// <summary>Whether the pool has one worker now.</summary>
    public static bool IsInForce => Volatile.Read(ref _instances) > 0;

    /// <summary>Runs all of <paramref name="simulation"/> on the worker.</summary>
    public static Task RunAsync(Func<Task> simulation) => Task.Run(simulation);

    public void Dispose()
    {
        Interlocked.Decrement(ref _instances);
        ThreadPool.SetMaxThreads(_before.Workers, _before.Ports);
        _end.Set(); // not disposed: a worker may still be on its way out of it
    }
}
