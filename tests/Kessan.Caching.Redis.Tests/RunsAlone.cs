namespace Kessan.Caching.Redis.Tests;

/// <summary>Tests that hold up others in their process, and so run after them and one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
