using Kessan.CacheHost.Problems;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>The condition of a write, as its header fields say it.</summary>
internal static class WriteConditions
{
    /// <exception cref="RequestProblemException">More than one condition, or one that is not understood.</exception>
    public static WriteCondition From(IHeaderDictionary headers)
    {
        var ifNoneMatch = headers.IfNoneMatch;
        var ifMatch = headers.IfMatch;
        var lease = headers[KessanHeaders.Lease];
        if (ifNoneMatch.Count + ifMatch.Count + lease.Count == 0) return WriteCondition.Always;
        if (ifNoneMatch.Count + ifMatch.Count + lease.Count > 1) throw Invalid("A write has one condition at most.");

        if (ifNoneMatch.Count == 1)
        {
            return ifNoneMatch == "*" ? WriteCondition.IfAbsent : throw Invalid("If-None-Match is '*' here: write only what is not there.");
        }

        if (ifMatch.Count == 1)
        {
            return EntityTags.TryParse(ifMatch, out var version)
                ? WriteCondition.IfVersion(version)
                : throw Invalid("If-Match is one strong entity tag here.");
        }

        return WriteCondition.IfLeaseHeld(CheckNonce(lease));
    }

    /// <summary>The nonce of a lease: who asks, renews, releases or fills.</summary>
    public static string CheckNonce(string? nonce)
    {
        if (string.IsNullOrEmpty(nonce)) throw Invalid($"{KessanHeaders.Lease} is missing: a nonce that the caller chooses.");
        return nonce.Length <= 64 && !nonce.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? nonce
            : throw Invalid($"{KessanHeaders.Lease} has at most 64 printable characters.");
    }

    private static RequestProblemException Invalid(string detail) => RequestProblem.Invalid(detail).AsException();
}
