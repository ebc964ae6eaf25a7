using System.Diagnostics;

namespace Kessan.Benchmarks.Layer2;

/// <summary>
/// Measures operations against each other: in rounds, in which each runs the same number of times one after another, in an order that
/// changes from round to round. The first is the yardstick; ratios are those within a round.
/// </summary>
internal sealed class Contestants(int rounds, int operationsPerRound)
{
    // The compiler needs some hundred calls, and time, before it has done its best with everybody.
    public const int WarmUpRounds = 10;

    private readonly List<(string Name, Func<int, ValueTask> Operation)> _all = [];

    /// <summary>How often each operation is called; the number of the call is its argument.</summary>
    public int Calls => (WarmUpRounds + rounds) * operationsPerRound;

    public void Add(string name, Func<int, ValueTask> operation) => _all.Add((name, operation));

    public async Task<IReadOnlyList<double>> RunAsync(string title)
    {
        var times = new double[_all.Count, rounds];
        var tails = new double[_all.Count, rounds];
        for (var round = -WarmUpRounds; round < rounds; round++)
        {
            for (var i = 0; i < _all.Count; i++)
            {
                var contestant = (i + round + WarmUpRounds) % _all.Count;
                var sorted = await MeasureAsync(_all[contestant].Operation, (round + WarmUpRounds) * operationsPerRound);
                if (round < 0) continue;
                times[contestant, round] = sorted[sorted.Length / 2];
                tails[contestant, round] = sorted[(int)(sorted.Length * 0.99)];
            }
        }

        Console.WriteLine();
        Console.WriteLine($"### {title}");
        Console.WriteLine();
        Console.WriteLine($"| {rounds} rounds of {operationsPerRound} | p50 us | p99 us | p50 to the first |");
        Console.WriteLine("| --- | --- | --- | --- |");
        var ratios = new double[_all.Count];
        for (var i = 0; i < _all.Count; i++)
        {
            ratios[i] = Median(Enumerable.Range(0, rounds).Select(round => times[i, round] / times[0, round]));
            Console.WriteLine(
                $"| {_all[i].Name} | {Median(Enumerable.Range(0, rounds).Select(round => times[i, round])):F1} "
                + $"| {Median(Enumerable.Range(0, rounds).Select(round => tails[i, round])):F1} | {ratios[i]:F2} |");
        }

        return ratios;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private async Task<double[]> MeasureAsync(Func<int, ValueTask> operation, int first)
    {
        var microseconds = new double[operationsPerRound];
        for (var i = 0; i < microseconds.Length; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await operation(first + i);
            microseconds[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }

        Array.Sort(microseconds);
        return microseconds;
    }
}
