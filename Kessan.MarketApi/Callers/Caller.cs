namespace Kessan.MarketApi.Callers;

/// <summary>Whose quota a request is charged to.</summary>
/// <param name="User">The name in the quota's key.</param>
/// <param name="DailyLimit">How many requests a day.</param>
internal readonly record struct Caller(string User, long DailyLimit);
