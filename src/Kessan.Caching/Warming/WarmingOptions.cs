namespace Kessan.Caching.Warming;

/// <summary>How the cache is warmed. Read once, at start.</summary>
public sealed class WarmingOptions
{
    /// <summary>Where the options stand in the configuration.</summary>
    public const string SectionName = "Kessan:Cache:Warming";

    /// <summary>How many hot keys are remembered in the store and loaded into L1 at the next start.</summary>
    /// <value>0 to 256; 0: none. Default: 100.</value>
    public int HotKeys { get; set; } = 100;

    /// <summary>How often the hot keys are remembered; also when the host stops.</summary>
    /// <value>1 s to 1 day. Default: 1 min.</value>
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Under which name they are remembered: the instances of one program share them.</summary>
    /// <value>1 to 128 characters. Default: the application's name.</value>
    public string? Name { get; set; }

    /// <summary>How long one warm-up source may run.</summary>
    /// <value>1 s to 1 h. Default: 1 min.</value>
    public TimeSpan SourceTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
