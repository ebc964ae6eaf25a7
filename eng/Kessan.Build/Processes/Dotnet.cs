using System.Diagnostics;

namespace Kessan.Build.Processes;

/// <summary>The <c>dotnet</c> that runs us, in the repository and in the state of the switch that was decided.</summary>
public sealed class Dotnet(Repository repository, bool aspirePackages)
{
    // Build nodes that stay to serve the next build would outlive us.
    private static readonly string[] BuildOptions = ["-nologo", "-nodeReuse:false", "-tl:off"];

    public bool AspirePackages { get; } = aspirePackages;

    public ProcessStartInfo Build(string target, string verbosity) =>
        Command(["build", repository.In(target), "-c", Repository.Configuration, "-v", verbosity, .. BuildOptions]);

    public ProcessStartInfo Restore(string project) => Command(["restore", repository.In(project), .. BuildOptions]);

    /// <param name="arguments">The command line after <c>dotnet</c>.</param>
    public ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);
        start.Environment["AspirePackages"] = AspirePackages ? "true" : "false";
        // The answers are read, and only the English ones are known.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        return start;
    }
}
