namespace Kessan.MarketApi.Sessions;

/// <summary>What a visitor wants to be remembered.</summary>
internal sealed record NewSession(Dictionary<string, string>? Preferences)
{
    public const int MaximumCount = 32;
    public const int MaximumName = 64;
    public const int MaximumValue = 256;

    /// <summary>Whether it is within the limits.</summary>
    public bool IsValid => Preferences is null
        || (Preferences.Count <= MaximumCount && Preferences.All(pair => pair.Key.Length <= MaximumName && pair.Value?.Length <= MaximumValue));
}
