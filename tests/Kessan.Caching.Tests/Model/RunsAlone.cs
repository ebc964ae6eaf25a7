using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Model;

/// <summary>
/// Tests that must know when all is quiet, or whose runs must be repeatable: no other test runs beside them, and the thread pool has one worker.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone : ICollectionFixture<OneWorker>
{
    public const string Name = "alone";
}
