using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Telemetry;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>Makes the built-in sources as slow and as unreliable as <see cref="BuiltInOptions"/> says. Safe for concurrent use.</summary>
internal sealed class SourceWeather(IOptionsMonitor<BuiltInOptions> options, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private SplitMix64 _random = new(options.CurrentValue.Seed);

    /// <summary>Waits as long as an answer takes, and fails as often as answers do.</summary>
    /// <exception cref="SourceException">This answer is one that fails.</exception>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        using var activity = SourceTelemetry.Start(MarketOptions.BuiltIn);
        var now = options.CurrentValue;
        if (now.Delay > TimeSpan.Zero)
            await Task.Delay(now.Delay, timeProvider, cancellationToken);
        if (now.FailureRate > 0 && Draw() < now.FailureRate)
            throw new SourceException("The built-in source failed, as Market:BuiltIn:FailureRate asks it to.");
    }

    private double Draw()
    {
        lock (_gate)
            return _random.NextDouble();
    }
}
