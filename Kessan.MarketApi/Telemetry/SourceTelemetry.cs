using System.Diagnostics;

namespace Kessan.MarketApi.Telemetry;

/// <summary>Spans of sources that make none of their own, as an HTTP client does.</summary>
internal static class SourceTelemetry
{
    /// <summary>The name of the activity source.</summary>
    public const string Name = "Kessan.MarketApi";

    private static readonly ActivitySource Activities = new(Name);

    /// <summary>Begins the span of a question to a source; <see langword="null"/> while nobody listens.</summary>
    public static Activity? Start(string source) => Activities.StartActivity($"source {source}", ActivityKind.Client);
}
