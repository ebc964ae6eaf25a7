namespace Kessan.MarketApi.Sources;

/// <summary>A source of market data could not be asked, or did not answer sensibly.</summary>
internal sealed class SourceException : Exception
{
    /// <inheritdoc/>
    public SourceException()
    {
    }

    /// <inheritdoc/>
    public SourceException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public SourceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How long the source wants to be left alone, if it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
