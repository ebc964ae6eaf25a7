using System.Globalization;

namespace Kessan.Build.Testing;

/// <summary>What eng/test.cs was asked for.</summary>
/// <param name="Projects">Parts of names; empty: all projects.</param>
/// <param name="Build">Whether to build first.</param>
/// <param name="Format">Whether to check the formatting.</param>
/// <param name="LongRunning">Whether the tests that take long run too.</param>
/// <param name="Limit">How long one test project may take.</param>
/// <param name="PassedOn">Options for the test runners.</param>
public sealed record TestOptions(
    IReadOnlyList<string> Projects, bool Build, bool Format, bool LongRunning, TimeSpan Limit, IReadOnlyList<string> PassedOn)
{
    public const string Help = """
        Builds the solution, checks the formatting and runs all tests that can run on this machine.

          --project <part of a name>   Only these test projects; may be given several times.
          --long                       Also the tests that take long (KESSAN_LONG=1).
          --no-build                   Tests what is built already.
          --no-format                  Leaves the formatting unchecked.
          --timeout <minutes>          Limit for one test project. Default: 5, with --long 30.
          --help                       Shows this and stops.

        Everything after a further -- goes to the test runners, for example:
        dotnet eng/test.cs -- --project EmbeddedRedis -- --filter-method *Password*
        """;

    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public static TestOptions Parse(IReadOnlyList<string> arguments)
    {
        var projects = new List<string>();
        var (build, format, @long) = (true, true, false);
        TimeSpan? limit = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--project":
                    projects.Add(Value(arguments, ref i));
                    break;
                case "--long":
                    @long = true;
                    break;
                case "--no-build":
                    build = false;
                    break;
                case "--no-format":
                    format = false;
                    break;
                case "--timeout":
                    limit = double.TryParse(Value(arguments, ref i), CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 1440
                        ? TimeSpan.FromMinutes(minutes)
                        : throw new ArgumentException("--timeout needs a number of minutes.");
                    break;
                case "--":
                    return Parsed([.. arguments.Skip(i + 1)]);
                default:
                    throw new ArgumentException($"Unknown option '{arguments[i]}': --help lists the known ones.");
            }
        }

        return Parsed([]);

        TestOptions Parsed(string[] passedOn) => new(projects, build, format, @long, limit ?? TimeSpan.FromMinutes(@long ? 30 : 5), passedOn);
    }

    private static string Value(IReadOnlyList<string> arguments, ref int index) =>
        ++index < arguments.Count ? arguments[index] : throw new ArgumentException($"Option {arguments[index - 1]} needs a value.");
}
