using System.Reflection;

namespace Kessan.Standalone.Tests;

/// <summary>Who may know whom: the table of projects in the design, checked in the compiled assemblies.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Kessan.Caching"] = [],
        ["Kessan.Caching.Redis"] = ["Kessan.Caching", "StackExchange.Redis"],
        ["Kessan.Caching.Client"] = ["Kessan.Caching"],
        ["Kessan.ServiceDefaults"] = [],
        ["Kessan.EmbeddedRedis"] = ["Garnet*", "Tsavorite*"],
        ["Kessan.CacheService"] = ["Kessan.Caching", "Kessan.Caching.Redis", "Kessan.ServiceDefaults", "Aspire.StackExchange.Redis"],
        ["Kessan.MarketApi"] = ["Kessan.Caching", "Kessan.Caching.Client", "Kessan.ServiceDefaults"],
        ["Kessan.Standalone"] = ["Kessan.CacheService", "Kessan.MarketApi", "Kessan.EmbeddedRedis"],
    };

    // Only who has them in the table may name these; the rest of the framework is free.
    private static readonly string[] Guarded = ["Kessan*", "StackExchange.Redis", "Aspire*", "Garnet*", "Tsavorite*"];

    public static TheoryData<string> Projects => [.. MayReference.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyWhomItMayKnow(string project)
    {
        var known = Assembly.Load(project).GetReferencedAssemblies().Select(static reference => reference.Name!).ToList();

        Assert.DoesNotContain(known, name => Matches(name, Guarded) && !Matches(name, MayReference[project]) && !IsNamedByAspire(name, project, known));
    }

    [Theory]
    [InlineData("Kessan.Caching")]
    [InlineData("Kessan.Caching.Redis")]
    [InlineData("Kessan.Caching.Client")]
    [InlineData("Kessan.EmbeddedRedis")]
    public void Library_References_NoWebFramework(string project) =>
        Assert.DoesNotContain(
            Assembly.Load(project).GetReferencedAssemblies(),
            static reference => reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    // With the Aspire packages the cache service calls AddRedisClient, whose signature has a type of StackExchange.Redis.
    private static bool IsNamedByAspire(string name, string project, List<string> known) =>
        name == "StackExchange.Redis" && project == "Kessan.CacheService" && known.Contains("Aspire.StackExchange.Redis");

    private static bool Matches(string name, string[] patterns) => patterns.Any(pattern =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern);
}
