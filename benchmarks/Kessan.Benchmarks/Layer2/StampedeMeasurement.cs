using System.Diagnostics;

namespace Kessan.Benchmarks.Layer2;

/// <summary>Ten processes ask for one cold key at once; its source takes 100 ms.</summary>
internal static class StampedeMeasurement
{
    private const int Processes = 10;
    private const int Rounds = 20;

    public static async Task RunAsync(string redis)
    {
        Console.WriteLine();
        Console.WriteLine("### 10 processes, one cold key, a source of 100 ms");
        Console.WriteLine();
        Console.WriteLine($"| {Rounds} rounds | source calls a round | most | slowest process ms, median | worst |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var kind in (string[])["kessan", "stock"])
        {
            var nodes = Enumerable.Range(0, Processes).Select(_ => Start(kind, redis)).ToArray();
            foreach (var node in nodes) await ReadAsync(node);
            List<double> calls = [];
            List<double> slowest = [];
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var node in nodes) await node.StandardInput.WriteLineAsync($"{kind}_cold:{round}");
                foreach (var node in nodes) await node.StandardInput.FlushAsync();
                var answers = await Task.WhenAll(nodes.Select(ReadAsync));
                calls.Add(answers.Sum(answer => double.Parse(answer.Split(' ')[0], null)));
                slowest.Add(answers.Max(answer => double.Parse(answer.Split(' ')[1], null)));
            }

            Console.WriteLine($"| {kind} | {calls.Average():F2} | {calls.Max()} | {Contestants.Median(slowest):F0} | {slowest.Max():F0} |");
            foreach (var node in nodes)
            {
                node.StandardInput.Close();
                await node.WaitForExitAsync();
                node.Dispose();
            }
        }
    }

    private static Process Start(string kind, string redis) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(StampedeMeasurement).Assembly.Location, "l2", "node", kind, redis])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private static async Task<string> ReadAsync(Process node)
        => await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A node ended.");
}
