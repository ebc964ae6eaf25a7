namespace Kessan.Caching.Tests.Callers;

internal static class ServiceCollectionChaining
{
    /// <summary>Does something with a value and gives it back.</summary>
    public static T Also<T>(this T value, Action<T> action)
    {
        action(value);
        return value;
    }
}
