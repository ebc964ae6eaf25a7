using System.Collections.Immutable;

namespace Kessan.MarketApi.Sessions;

/// <summary>A session as its owner sees it.</summary>
/// <param name="Preferences">What is remembered.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="ExpiresIn">In how many seconds it ends if it is not read again.</param>
internal sealed record SessionAnswer(ImmutableDictionary<string, string> Preferences, DateTimeOffset StartedAt, long ExpiresIn);
