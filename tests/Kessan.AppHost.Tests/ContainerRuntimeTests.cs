using System.Diagnostics;
using Kessan.Testing;
using Microsoft.Extensions.Configuration;

namespace Kessan.AppHost.Tests;

public sealed class ContainerRuntimeTests
{
    [Fact]
    public async Task Answers_NothingInstalled_IsFalse() =>
        Assert.False(await AnswersAsync("kessan-no-such-runtime"));

    [Theory]
    [InlineData("exit 0", true)]
    [InlineData("exit 1", false)]
    public async Task Answers_FollowsTheExitCode(string script, bool expected)
    {
        using var runtime = FakeRuntime.Create(script);

        Assert.Equal(expected, await AnswersAsync(runtime.Path));
    }

    [Fact]
    public async Task Answers_RuntimeThatHangs_IsFalseWithinFiveSeconds()
    {
        using var runtime = FakeRuntime.Create("sleep 60");
        await using var stalls = new StallWatch();
        var watch = Stopwatch.StartNew();

        Assert.False(await AnswersAsync(runtime.Path));

        Assert.True(watch.Elapsed - stalls.Total < TimeSpan.FromSeconds(5), $"false after {watch.Elapsed}, {stalls.Total} of it stalled");
    }

    [Fact]
    public async Task Answers_AsksForContainers()
    {
        using var runtime = FakeRuntime.Create("[ \"$*\" = 'container ls -n 1' ]");

        Assert.True(await AnswersAsync(runtime.Path));
    }

    private static Task<bool> AnswersAsync(string runtime) => ContainerRuntime.AnswersAsync(
        new ConfigurationBuilder().AddInMemoryCollection([new("ASPIRE_CONTAINER_RUNTIME", runtime)]).Build());

    /// <summary>A shell script in the place of docker.</summary>
    private sealed class FakeRuntime : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kessan-runtime-");

        public string Path => System.IO.Path.Combine(_directory.FullName, "runtime");

        public static FakeRuntime Create(string script)
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "stands in for a container runtime with a shell script");
            var runtime = new FakeRuntime();
            File.WriteAllText(runtime.Path, $"#!/bin/sh\n{script}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(runtime.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return runtime;
        }

        public void Dispose() => _directory.Delete(recursive: true);
    }
}
