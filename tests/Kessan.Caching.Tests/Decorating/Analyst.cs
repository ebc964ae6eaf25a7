namespace Kessan.Caching.Tests.Decorating;

public sealed class Analyst : IAnalyst, IDisposable
{
    private static int _instances;

    public int Number { get; } = Interlocked.Increment(ref _instances);

    public int Calls { get; private set; }

    public bool IsDisposed { get; private set; }

    public Func<CancellationToken, Task>? Before { get; set; }

    public async Task<Analysis> AnalyseAsync(string ticker, string kind, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Calls++;
        if (Before is not null) await Before(cancellationToken);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new Analysis(ticker, kind, Calls);
    }

    public ValueTask<string?> ReportAsync(int year, int? month = null) => new($"{year}-{month}: {++Calls}");

    public Func<int, CacheLookup<Analysis?>>? Rating { get; set; }

    public ValueTask<CacheLookup<Analysis?>> RateAsync(string ticker, CancellationToken cancellationToken = default)
        => new(Rating?.Invoke(++Calls) ?? CacheLookup.Of<Analysis?>(new Analysis(ticker, "rating", ++Calls)));

    public Task<int> PublishAsync(string ticker, int year, bool fail = false)
        => fail ? Task.FromException<int>(new InvalidOperationException("no")) : Task.FromResult(7);

    public string Describe(string ticker) => $"about {ticker}";

    public void Dispose() => IsDisposed = true;
}
