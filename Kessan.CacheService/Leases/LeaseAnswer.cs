namespace Kessan.CacheHost.Leases;

/// <summary>A lease, the caller's or another's.</summary>
/// <param name="ExpiresIn">How long it lasts if it is not renewed, in seconds.</param>
/// <param name="Version">When granted: the store's version clock at that moment.</param>
internal sealed record LeaseAnswer(double ExpiresIn, long? Version = null);
