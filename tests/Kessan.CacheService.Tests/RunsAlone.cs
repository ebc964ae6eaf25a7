namespace Kessan.CacheHost.Tests;

/// <summary>Tests that measure the whole process, and so run after the others and one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
