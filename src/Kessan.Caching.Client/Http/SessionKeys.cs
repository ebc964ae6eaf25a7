using System.Diagnostics.CodeAnalysis;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Client.Http;

/// <summary>Keys of sessions: the service's generic rows refuse them, they have a row that names the user.</summary>
internal static class SessionKeys
{
    private static readonly string Prefix = CacheKeys.PrefixOf(CacheDataType.UserSession) + ":";

    public static bool IsSession(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The user of a session's key, as the key builder encoded it; a key version after it is the service's own affair.</summary>
    public static bool TryGetUser(string key, [NotNullWhen(true)] out string? user)
    {
        user = null;
        if (!IsSession(key)) return false;
        var end = key.IndexOf(':', Prefix.Length);
        user = Uri.UnescapeDataString(end < 0 ? key[Prefix.Length..] : key[Prefix.Length..end]);
        return user.Length > 0;
    }
}
