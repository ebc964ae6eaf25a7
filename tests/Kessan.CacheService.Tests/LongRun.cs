namespace Kessan.CacheHost.Tests;

/// <summary>How much a test tries: enough in the normal run, much in the long one (<c>dotnet eng/test.cs --long</c>).</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("KESSAN_LONG") == "1";

    public static int Count(int normal, int @long) => IsOn ? @long : normal;
}
