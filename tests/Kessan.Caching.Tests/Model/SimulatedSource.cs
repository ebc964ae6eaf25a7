namespace Kessan.Caching.Tests.Model;

/// <summary>A call of a source that has read the truth and has not yet answered.</summary>
internal sealed class SimulatedSource(int node, int key, int truth)
{
    private readonly TaskCompletionSource<int> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Node => node;

    public int Key => key;

    public int Truth => truth;

    public Task<int> Task => _answer.Task;

    public void End(bool fail)
    {
        if (fail) _answer.TrySetException(new IOException("The simulated source failed."));
        else _answer.TrySetResult(truth);
    }
}
