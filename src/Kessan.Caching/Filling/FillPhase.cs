namespace Kessan.Caching.Filling;

/// <summary>How far a fill has come; decides what a change of its key means to it.</summary>
internal enum FillPhase
{
    /// <summary>It reads the store or waits for a lease: it will see the change.</summary>
    Reading,

    /// <summary>The source runs: its value may be older than the change.</summary>
    Source,

    /// <summary>The value is on its way to the store, which decides; the change may be this very write.</summary>
    Writing,
}
