using System.Collections.Concurrent;
using Kessan.Caching.Quotas;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Tests.Quotas;

internal enum QuotaFault
{
    None,

    /// <summary>The request is lost.</summary>
    Before,

    /// <summary>The answer is lost: the charge was made.</summary>
    After,

    /// <summary>No answer comes; the charge was made.</summary>
    Silence,
}

/// <summary>A store of counters behind a network that a test rules.</summary>
internal sealed class UnreliableQuotaStore(IQuotaStore store) : IQuotaStore
{
    public Func<QuotaFault> Fault { get; set; } = static () => QuotaFault.None;

    /// <summary>How long an answer takes.</summary>
    public Func<Task> Delay { get; set; } = static () => Task.CompletedTask;

    public int Asked { get; private set; }

    public ConcurrentQueue<QuotaCharge> Charges { get; } = new();

    public ValueTask<QuotaReading> ChargeAsync(QuotaCharge charge, CancellationToken cancellationToken)
    {
        Charges.Enqueue(charge);
        return AskAsync(() => store.ChargeAsync(charge, cancellationToken));
    }

    public ValueTask<QuotaReading> ReadAsync(QuotaCharge quota, CancellationToken cancellationToken)
        => AskAsync(() => store.ReadAsync(quota, cancellationToken));

    private async ValueTask<QuotaReading> AskAsync(Func<ValueTask<QuotaReading>> ask)
    {
        Asked++;
        var fault = Fault();
        await Delay();
        if (fault == QuotaFault.Before) throw new CacheStoreException("the request was lost");
        var reading = await ask();
        if (fault == QuotaFault.After) throw new CacheStoreException("the answer was lost");
        return fault == QuotaFault.Silence ? await new TaskCompletionSource<QuotaReading>().Task : reading;
    }
}
