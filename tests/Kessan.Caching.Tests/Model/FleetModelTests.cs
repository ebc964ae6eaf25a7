using CsCheck;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Model;

/// <summary>
/// Random interleavings of reads, writes, removals, tag invalidations, held, lost, doubled and overtaking messages, stopped processes, outages, failovers, slow operations, cut
/// subscriptions and dying lease holders over 3 to 10 nodes, checked against <see cref="FleetModel"/>. CsCheck prints the seed and the steps of
/// a failure; run it again with the environment variable <c>CsCheck_Seed</c>: the whole simulation runs on one thread, so it fails again.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class FleetModelTests
{
    private static readonly Gen<(int Kind, int Node, int Key)> Step = Gen.Select(Gen.Int[0, 22], Gen.Int[0, 9], Gen.Int[0, 1]);

    private static readonly Gen<(int Nodes, int Seed, (int Kind, int Node, int Key)[] Steps)> Run =
        Gen.Select(Gen.Int[3, 10], Gen.Int[1, 1_000_000], Step.Array[5, 60]);

    [Fact]
    public async Task AnyInterleaving_NoNodeAnswersOlderThanItKnows_AndAllComeToOneTruth()
        => await Run.SampleAsync(
            static run => OneWorker.RunAsync(async () =>
            {
                var model = await PlayAsync(run.Nodes, run.Seed, run.Steps);
                Assert.True(model.Violations.Count == 0, string.Join(Environment.NewLine, model.Violations));
            }),
            iter: PropertyRuns.Interleavings,
            threads: 1,
            print: static run => $"{run.Nodes} nodes, seed {run.Seed}: {string.Join(" ", run.Steps)}");

    /// <summary>The same run gives the same messages, answers and times, whatever the machine does meanwhile: or a seed would be worth nothing.</summary>
    [Fact]
    public async Task AnyInterleaving_PlayedAgain_GoesTheSameWay()
        => await Run.SampleAsync(
            static run => OneWorker.RunAsync(async () =>
            {
                var first = await PlayAsync(run.Nodes, run.Seed, run.Steps);
                var second = await PlayAsync(run.Nodes, run.Seed, run.Steps);
                Assert.Equal(first.History, second.History);
            }),
            iter: PropertyRuns.Interleavings / 20,
            threads: 1,
            print: static run => $"{run.Nodes} nodes, seed {run.Seed}: {string.Join(" ", run.Steps)}");

    private static async Task<FleetModel> PlayAsync(int nodes, int seed, (int Kind, int Node, int Key)[] steps)
    {
        await using var model = new FleetModel(nodes, seed);
        foreach (var (kind, node, key) in steps) await model.StepAsync(kind, node % nodes, key);
        await model.ConvergeAsync();
        return model;
    }
}
