using CsCheck;

namespace Kessan.Caching.Tests.Model;

/// <summary>
/// Random interleavings of reads, writes, removals, tag invalidations, held, lost and overtaking messages, outages, slow operations, cut
/// subscriptions and dying lease holders over 3 to 10 nodes, checked against <see cref="FleetModel"/>. CsCheck prints the seed of a failure;
/// run it again with the environment variable <c>CsCheck_Seed</c>.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class FleetModelTests
{
    private static readonly Gen<(int Kind, int Node, int Key)> Step = Gen.Select(Gen.Int[0, 19], Gen.Int[0, 9], Gen.Int[0, 1]);

    private static readonly Gen<(int Nodes, int Seed, (int Kind, int Node, int Key)[] Steps)> Run =
        Gen.Select(Gen.Int[3, 10], Gen.Int[1, 1_000_000], Step.Array[5, 60]);

    [Fact]
    public async Task AnyInterleaving_NoNodeAnswersOlderThanItKnows_AndAllComeToOneTruth()
        => await Run.SampleAsync(
            async run =>
            {
                await using var model = new FleetModel(run.Nodes, run.Seed);
                foreach (var (kind, node, key) in run.Steps) await model.StepAsync(kind, node % run.Nodes, key);
                await model.ConvergeAsync();
                Assert.True(model.Violations.Count == 0, string.Join(Environment.NewLine, model.Violations));
            },
            iter: PropertyRuns.Interleavings,
            threads: 1,
            print: static run => $"{run.Nodes} nodes, seed {run.Seed}: {string.Join(" ", run.Steps)}");
}
