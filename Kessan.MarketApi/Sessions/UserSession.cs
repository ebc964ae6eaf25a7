using System.Collections.Immutable;
using System.ComponentModel;

namespace Kessan.MarketApi.Sessions;

/// <summary>What is remembered of a visitor. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record UserSession(ImmutableDictionary<string, string> Preferences, DateTimeOffset StartedAt);
