using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Events;

/// <summary>The event stream; bound from <c>Kessan:Service:Events</c> and checked at start.</summary>
public sealed class EventOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Path = "Kessan:Service:Events";

    /// <summary>How many events are kept for clients that come back.</summary>
    /// <value>16 to 10,000,000. Default: 10,000.</value>
    [Range(16, 10_000_000)]
    public int Ring { get; set; } = 10_000;

    /// <summary>How often a client hears that the stream is whole.</summary>
    /// <value>10 ms to 1 min. Default: 500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>Checks the attributes above.</summary>
[OptionsValidator]
internal sealed partial class EventOptionsValidator : IValidateOptions<EventOptions>;
