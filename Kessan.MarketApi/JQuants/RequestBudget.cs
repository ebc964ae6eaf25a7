using Kessan.MarketApi.Sources;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

/// <summary>
/// Keeps requests to so many in any minute, wherever the minute begins, and to none while the server wants peace. Turns are given out
/// in order. Safe for concurrent use.
/// </summary>
internal sealed class RequestBudget(IOptions<JQuantsOptions> options, TimeProvider timeProvider)
{
    // A little over the server's minute: two requests may travel at different speeds.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(61);

    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _turns = new();
    private DateTimeOffset _silentUntil;

    /// <summary>Waits for this request's turn.</summary>
    /// <exception cref="SourceException">The turn is too far away, or the server wants peace; it says when to try again.</exception>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        var wait = TakeTurn();
        if (wait <= TimeSpan.Zero)
            return;
        await Task.Delay(wait, timeProvider, cancellationToken);
        lock (_gate)
            ThrowIfSilent(timeProvider.GetUtcNow());
    }

    /// <summary>Sends nothing for a while.</summary>
    public void Pause(TimeSpan time)
    {
        lock (_gate)
        {
            var until = timeProvider.GetUtcNow() + time;
            _silentUntil = until > _silentUntil ? until : _silentUntil;
        }
    }

    private TimeSpan TakeTurn()
    {
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            ThrowIfSilent(now);
            while (_turns.TryPeek(out var oldest) && oldest + Window <= now)
                _turns.Dequeue();

            var limit = options.Value.RequestsPerMinute;
            // With as many turns given out as a minute has, this one comes a minute after the one that many places before it.
            var turn = _turns.Count < limit ? now : _turns.ElementAt(_turns.Count - limit) + Window;
            if (turn - now > options.Value.MaximumWait)
                throw new SourceException("The budget of J-Quants requests is used up.") { RetryAfter = turn - now };
            _turns.Enqueue(turn);
            return turn - now;
        }
    }

    private void ThrowIfSilent(DateTimeOffset now)
    {
        if (now < _silentUntil)
            throw new SourceException("J-Quants is left alone for a while.") { RetryAfter = _silentUntil - now };
    }
}
