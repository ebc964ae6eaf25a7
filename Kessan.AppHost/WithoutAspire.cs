// What the AppHost is while the Aspire packages are off: a signpost to Standalone, the same system in one process.
using Kessan.Standalone;

Console.WriteLine(
    """
    The Aspire packages are off (AspirePackages is false): no dashboard, no containers. Starting Kessan.Standalone instead.
    The switch is recorded in artifacts/environment.props; delete that file, or build with -p:AspirePackages=true, when the
    package source has Aspire.
    """);

// The launch profile's address is the dashboard's; the hosts have their own.
Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
return await StandaloneProgram.RunAsync(args);
