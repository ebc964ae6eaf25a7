using Kessan.Build.Aspire;
using Kessan.Build.Processes;

namespace Kessan.Build;

/// <summary>eng/run.cs: decides between the AppHost and Standalone and starts it. Ports, keys and Redis are their business.</summary>
public static class StartCommand
{
    private const string Standalone = "src/Kessan.Standalone/Kessan.Standalone.csproj";
    private const string AppHost = "Kessan.AppHost/Kessan.AppHost.csproj";

    private const string Help = """
        Starts the system: the Aspire AppHost if its packages can be restored, else Standalone (one process).

          --aspire       The AppHost, whatever the package source says.
          --standalone   Standalone, whatever the package source says.
          --no-build     Starts what is built already.
          --help         Shows this and stops; after one of the above, the help of what it starts.

        Everything else is passed on, for example: dotnet eng/run.cs -- --standalone --market-port 6080
        """;

    // Standalone stops within 3 s, the AppHost within 20 s; what is still there a little later never will.
    private static readonly TimeSpan StandaloneGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AppHostGrace = TimeSpan.FromSeconds(25);

    public static async Task<int> RunAsync(Repository repository, string[] arguments)
    {
        var aspire = arguments.Contains("--aspire");
        var standalone = arguments.Contains("--standalone");
        var passedOn = arguments.Where(static argument => argument is not ("--aspire" or "--standalone" or "--no-build" or "--")).ToArray();
        if (aspire && standalone)
        {
            Console.Error.WriteLine("--aspire and --standalone exclude each other.");
            return 2;
        }

        if (passedOn.Contains("--help") && !aspire && !standalone)
        {
            Console.WriteLine(Help);
            return 0;
        }

        using var signal = new StopSignal(TimeProvider.System);
        var dotnet = new Dotnet(repository, await ChooseAsync(repository, aspire, standalone, signal.Token));
        var build = !arguments.Contains("--no-build");
        return aspire || (dotnet.AspirePackages && !standalone)
            ? await StartAsync(
                dotnet, build ? AppHost : null, ["run", "--project", repository.In(AppHost), "--no-build", "--", .. passedOn], AppHostGrace, signal.Token)
            : await StartAsync(
                dotnet, build ? Standalone : null, ["exec", repository.AssemblyOf(Standalone), .. passedOn], StandaloneGrace, signal.Token);
    }

    /// <returns>The state of the switch <c>AspirePackages</c> for what is built and started.</returns>
    private static async Task<bool> ChooseAsync(Repository repository, bool aspire, bool standalone, CancellationToken stop)
    {
        if (aspire)
            return true;
        if (standalone)
            return new AspireRecord(repository.EnvironmentRecord).Read() ?? false;

        var answer = await AspireProbe.Of(repository).AskAsync(stop);
        Console.WriteLine($"Aspire packages: {(answer.Switch ? "yes" : "no")}, {answer.Reason}. Starting {(answer.Switch ? "the AppHost" : "Standalone")}.");
        return answer.Switch;
    }

    /// <param name="dotnet">Runs the two commands.</param>
    /// <param name="project">What is built first, if anything.</param>
    /// <param name="command">What is then started.</param>
    /// <param name="grace">How long that may take to stop.</param>
    /// <param name="stop">The wish to stop.</param>
    private static async Task<int> StartAsync(
        Dotnet dotnet, string? project, IEnumerable<string> command, TimeSpan grace, CancellationToken stop)
    {
        if (project is not null)
        {
            Console.WriteLine($"Building {Path.GetFileNameWithoutExtension(project)}; the first time also fetches packages.");
            var built = await ChildProcess.RunAsync(dotnet.Build(project, verbosity: "quiet"), TimeSpan.FromSeconds(2), stop);
            if (built != 0)
                return built;
        }

        return await ChildProcess.RunAsync(dotnet.Command(command), grace, stop);
    }
}
