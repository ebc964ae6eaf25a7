using System.Text;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>Keeps one string per sender, so that a message does not make one each time. Not safe for concurrent use.</summary>
internal sealed class SenderNames
{
    private const int Capacity = 256;
    private readonly Dictionary<int, string> _names = [];

    public string Get(ReadOnlySpan<byte> sender)
    {
        var hash = Hash(sender);
        if (_names.TryGetValue(hash, out var name) && name.Length == sender.Length && Ascii.Equals(sender, name)) return name;
        name = Encoding.ASCII.GetString(sender);
        if (_names.Count >= Capacity) _names.Clear();
        _names[hash] = name;
        return name;
    }

    private static int Hash(ReadOnlySpan<byte> sender)
    {
        var hash = default(HashCode);
        hash.AddBytes(sender);
        return hash.ToHashCode();
    }
}
