namespace Kessan.Caching.Redis.Node;

/// <summary>The keys of a round and what they carry; test and node agree on it.</summary>
public static class WatchedKeys
{
    /// <summary>The key of a number.</summary>
    public static string Key(int i) => $"watched:{i}";

    /// <summary>Every third key carries a tag of its own.</summary>
    public static string[]? Tags(int i) => i % 3 == 2 ? [$"tag:{i}"] : null;

    /// <summary>The number of a key or of its tag, as messages name them; -1 for another subject.</summary>
    public static int Number(string subject)
        => subject.LastIndexOf(':') is var colon and > 0 && int.TryParse(subject.AsSpan(colon + 1), out var number) ? number : -1;
}
