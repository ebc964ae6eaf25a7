using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Kessan.Benchmarks;

/// <summary>One process for all competitors of a table, so that their ratios are of one run.</summary>
public sealed class BenchmarkConfig : ManualConfig
{
    public BenchmarkConfig()
    {
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15));
        HideColumns(Column.Job, Column.Error, Column.RatioSD);
        WithOptions(ConfigOptions.DisableOptimizationsValidator);
    }
}
