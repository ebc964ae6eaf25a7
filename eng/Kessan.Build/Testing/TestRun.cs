using Kessan.Build.Processes;

namespace Kessan.Build.Testing;

/// <summary>Runs test projects one after the other, each in a process of its own, and adds up what their result files say.</summary>
public sealed class TestRun(Repository repository, Dotnet dotnet, TestOptions options)
{
    private const string AppHostTests = "Kessan.AppHost.Tests";

    // Exit codes of Microsoft.Testing.Platform: all passed, a test failed, no test matched the filter.
    private const int AllPassed = 0;
    private const int TestFailed = 2;
    private const int NothingRan = 8;

    private readonly List<string> _failures = [];
    private readonly List<string> _leftOut = [];
    private TrxSummary _sum = TrxSummary.Empty;

    /// <summary>What went wrong apart from single tests; each counts as one failure.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>What was not run, and why.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    public TrxSummary Sum => _sum with { Failed = _sum.Failed + _failures.Count };

    public void Fail(string what) => _failures.Add(what);

    public async Task RunAllAsync(CancellationToken stop)
    {
        foreach (var project in Directory.GetFiles(repository.In("tests"), "*.Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (stop.IsCancellationRequested)
                return;

            var name = Path.GetFileNameWithoutExtension(project);
            if (options.Projects.Count > 0 && !options.Projects.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
                continue;
            if (name == AppHostTests && !dotnet.AspirePackages)
                _leftOut.Add($"{name}: it needs the Aspire packages.");
            else
                await RunAsync(name, repository.AssemblyOf(project), stop);
        }
    }

    private async Task RunAsync(string name, string assembly, CancellationToken stop)
    {
        Console.WriteLine($"--- {name}");
        if (!File.Exists(assembly))
        {
            Fail($"{name}: it is not built.");
            return;
        }

        var results = Path.Combine(repository.TestResults, name);
        if (Directory.Exists(results))
            Directory.Delete(results, recursive: true);

        var start = dotnet.Command(
        [
            "exec", assembly, "--report-trx", "--report-trx-filename", $"{name}.trx", "--results-directory", results, "--progress", "off",
            "--exit-on-process-exit", $"{Environment.ProcessId}", .. options.PassedOn,
        ]);
        if (options.LongRunning)
            start.Environment["KESSAN_LONG"] = "1";

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(options.Limit);
        var exitCode = await ChildProcess.RunAsync(start, TimeSpan.FromSeconds(10), end.Token);
        if (end.IsCancellationRequested)
            Fail(stop.IsCancellationRequested ? $"{name}: stopped." : $"{name}: ended, it took longer than {options.Limit.TotalMinutes:0.#} minutes.");
        else
            Add(name, exitCode, TrxSummary.Read(Path.Combine(results, $"{name}.trx")));
    }

    private void Add(string name, int exitCode, TrxSummary? summary)
    {
        if (summary is not null)
        {
            _sum = new(_sum.Passed + summary.Passed, _sum.Failed + summary.Failed, _sum.Skipped + summary.Skipped, _sum.SkipReasons);
            foreach (var (reason, count) in summary.SkipReasons)
                _leftOut.Add($"{name}: {count} {(count == 1 ? "test" : "tests")}: {reason}");
        }

        var filtered = exitCode == NothingRan && options.PassedOn.Count > 0;
        if (summary is null && !filtered)
            Fail($"{name}: crashed (exit code {exitCode}), or wrote no result file.");
        else if (!filtered && exitCode is not (AllPassed or TestFailed))
            Fail($"{name}: exit code {exitCode}.");
        else if (exitCode == TestFailed && summary is { Failed: 0 })
            Fail($"{name}: failed outside of a test.");
    }
}
