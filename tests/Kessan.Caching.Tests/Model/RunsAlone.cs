namespace Kessan.Caching.Tests.Model;

/// <summary>Tests that look at the thread pool to know when all is quiet: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "alone";
}
