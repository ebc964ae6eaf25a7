using Kessan.Build.Processes;

namespace Kessan.Build.Aspire;

/// <summary>
/// Finds out whether the package source has Aspire. Only a definite "there is no such package" is recorded as a no: a machine that is
/// offline today must not be without Aspire for ever.
/// </summary>
public sealed class AspireProbe(AspireRecord record, string? setByHand, Func<CancellationToken, Task<(int? ExitCode, string Output)>> restore)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The probe of a repository on this machine.</summary>
    public static AspireProbe Of(Repository repository) => new(
        new AspireRecord(repository.EnvironmentRecord),
        Environment.GetEnvironmentVariable("AspirePackages"),
        stop => ChildProcess.CaptureAsync(
            new Dotnet(repository, aspirePackages: true).Restore("eng/probe/AspireProbe.csproj"), Limit, stop));

    public async Task<AspireAnswer> AskAsync(CancellationToken stop)
    {
        if (!string.IsNullOrWhiteSpace(setByHand))
            return new(bool.TryParse(setByHand, out var wanted) && wanted, $"the environment says AspirePackages={setByHand}");
        if (record.Read() is true)
            return new(true, "found by an earlier run");

        var (exitCode, output) = await restore(stop);
        if (exitCode == 0)
        {
            record.Write(true);
            return new(true, "the package source has them");
        }

        if (IsDefiniteAbsence(output))
        {
            record.Write(false);
            return new(false, "the package source does not have them");
        }

        return new(null, exitCode is null
            ? $"the package source did not answer within {Limit.TotalSeconds:0} s"
            : "the package source could not be asked");
    }

    /// <summary>Whether a failed restore says that the packages do not exist, and not merely that a source is out of reach (NU1301).</summary>
    public static bool IsDefiniteAbsence(string output) =>
        !output.Contains("NU1301", StringComparison.Ordinal)
        && output.Split('\n').Any(static line =>
            line.Contains("Aspire.", StringComparison.Ordinal)
            && (line.Contains("Unable to find package", StringComparison.Ordinal) || line.Contains("NU1101", StringComparison.Ordinal)));
}
