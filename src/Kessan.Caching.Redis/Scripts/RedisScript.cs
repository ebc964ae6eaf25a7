using System.Security.Cryptography;
using System.Text;

namespace Kessan.Caching.Redis.Scripts;

/// <summary>A Lua script and the SHA-1 by which Redis knows it. Immutable.</summary>
internal sealed class RedisScript
{
    public RedisScript(string name, string body)
    {
        Name = name;
        Text = body;
#pragma warning disable CA5350 // Not for security: Redis names scripts by their SHA-1.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(body));
#pragma warning restore CA5350
    }

    /// <summary>What it does, for spans.</summary>
    public string Name { get; }

    public string Text { get; }

    public byte[] Hash { get; }
}
