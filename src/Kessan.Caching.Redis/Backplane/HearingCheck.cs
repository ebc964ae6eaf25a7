namespace Kessan.Caching.Redis.Backplane;

/// <summary>Finds out that heartbeats are taken by the servers and none of them comes back. Not safe for concurrent use.</summary>
internal sealed class HearingCheck(TimeProvider time)
{
    private const int Beats = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private long _proof = -1;
    private long _since;
    private int _unheard;

    /// <summary>Called with each heartbeat. After a finding it waits as long again.</summary>
    /// <param name="lastProof">What names the last heartbeat that came back.</param>
    public bool IsDeaf(long lastProof)
    {
        if (lastProof == _proof && ++_unheard >= Beats && time.GetElapsedTime(_since) >= Patience)
        {
            _proof = -1;
            return true;
        }

        if (lastProof != _proof) (_proof, _since, _unheard) = (lastProof, time.GetTimestamp(), 0);
        return false;
    }
}
