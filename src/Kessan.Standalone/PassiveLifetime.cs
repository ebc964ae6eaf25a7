namespace Kessan.Standalone;

/// <summary>A host that neither listens to signals nor announces itself: two share this process, which starts and stops them in order.</summary>
internal sealed class PassiveLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
