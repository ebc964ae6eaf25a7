using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.Caching.Keys;

namespace Kessan.CacheHost.Entities;

/// <summary>The keys of rows that name an entity instead of a key.</summary>
internal sealed class EntityKeys(CacheKeyBuilder keys)
{
    /// <exception cref="RequestProblemException">The parts make no key, or one that the client may not touch.</exception>
    public string Build(ApiClient client, Func<CacheKeyBuilder, string> build)
    {
        string key;
        try
        {
            key = build(keys);
        }
        catch (ArgumentException)
        {
            throw RequestProblem.PastLimit(
                nameof(ServiceLimitsOptions.KeyLength), CacheKeyBuilder.MaximumLength, "What the path names makes no key, or one that is too long.").AsException();
        }

        return RequestRules.CheckReach(client, key) is { } problem ? throw problem.AsException() : key;
    }
}
