namespace Kessan.MarketApi.Stocks;

/// <summary>What a refresh did.</summary>
/// <param name="Ticker">The code.</param>
/// <param name="Invalidated">How many entries there were; <see langword="null"/> when nobody knows yet, because the store is away.</param>
internal sealed record RefreshAnswer(string Ticker, long? Invalidated);
