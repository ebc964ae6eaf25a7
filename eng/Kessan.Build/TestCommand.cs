using Kessan.Build.Aspire;
using Kessan.Build.Processes;
using Kessan.Build.Testing;

namespace Kessan.Build;

/// <summary>eng/test.cs: builds, checks the formatting, runs every test project, and ends with one line of sums.</summary>
public static class TestCommand
{
    private static readonly TimeSpan BuildGrace = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(Repository repository, string[] arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(TestOptions.Help);
            return 0;
        }

        TestOptions options;
        try
        {
            options = TestOptions.Parse(arguments);
        }
        catch (ArgumentException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            return 2;
        }

        using var signal = new StopSignal(TimeProvider.System);
        var answer = await AspireProbe.Of(repository).AskAsync(signal.Token);
        Console.WriteLine($"Aspire packages: {(answer.Switch ? "yes" : "no")}, {answer.Reason}.");
        var dotnet = new Dotnet(repository, answer.Switch);
        var run = new TestRun(repository, dotnet, options);
        await RunAsync(run, repository, dotnet, options, signal.Token);
        return Report(run);
    }

    private static async Task RunAsync(TestRun run, Repository repository, Dotnet dotnet, TestOptions options, CancellationToken stop)
    {
        if (options.Build && await ChildProcess.RunAsync(dotnet.Build(repository.Solution, verbosity: "minimal"), BuildGrace, stop) != 0)
        {
            run.Fail("The build.");
            return;
        }

        if (options.Format)
        {
            Console.WriteLine("--- formatting");
            var format = dotnet.Command(["format", repository.Solution, "--verify-no-changes", "--no-restore"]);
            if (await ChildProcess.RunAsync(format, BuildGrace, stop) != 0)
                run.Fail("The formatting: `dotnet format` puts it right.");
        }

        await run.RunAllAsync(stop);
        if (stop.IsCancellationRequested)
            run.Fail("The run was stopped.");
    }

    private static int Report(TestRun run)
    {
        Console.WriteLine();
        foreach (var line in run.LeftOut)
            Console.WriteLine($"Left out: {line}");
        foreach (var line in run.Failures)
            Console.WriteLine($"Failed: {line}");

        var sum = run.Sum;
        Console.WriteLine($"{sum.Passed} passed, {sum.Failed} failed, {sum.Skipped} skipped");
        return sum.Failed == 0 && sum.Passed > 0 ? 0 : 1;
    }
}
