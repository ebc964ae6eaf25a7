using System.Globalization;
using System.Net;
using System.Text;

namespace Kessan.EmbeddedRedis.Programs;

/// <summary>The options a program was started with, from its arguments (<c>--name value</c> or <c>--name=value</c>) and its environment.</summary>
internal sealed class ProgramOptions
{
    private readonly Dictionary<string, (string Value, string From)> _values = new(StringComparer.Ordinal);

    private ProgramOptions()
    {
    }

    public bool HelpAsked { get; private set; }

    /// <exception cref="ProgramOptionException">An argument is unknown, given twice or has no value.</exception>
    public static ProgramOptions Parse(
        IReadOnlyList<string> arguments, IReadOnlyList<ProgramOption> known, Func<string, string?> environment)
    {
        var options = new ProgramOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is "--help" or "-h" or "-?")
            {
                options.HelpAsked = true;
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if (!known.Any(option => option.Name == name))
                throw new ProgramOptionException($"Unknown option '{name}': --help lists the known ones.");

            var value = equals >= 0 ? argument[(equals + 1)..] : ++i < arguments.Count ? arguments[i] : "";
            if (string.IsNullOrWhiteSpace(value) || (equals < 0 && value.StartsWith("--", StringComparison.Ordinal)))
                throw new ProgramOptionException($"Option {name} needs a value.");
            if (!options._values.TryAdd(name, (value, name)))
                throw new ProgramOptionException($"Option {name} is given twice.");
        }

        foreach (var option in known)
        {
            if (environment(option.Variable) is { } value && !string.IsNullOrWhiteSpace(value))
                options._values.TryAdd(option.Name, (value, option.Variable));
        }

        return options;
    }

    public string? Text(string name) => _values.TryGetValue(name, out var found) ? found.Value : null;

    /// <exception cref="ProgramOptionException">The value is not a port number.</exception>
    public int Port(string name, int missing)
    {
        if (!_values.TryGetValue(name, out var found))
            return missing;

        return int.TryParse(found.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new ProgramOptionException($"{found.From} must be a port from 0 (a free one) to {IPEndPoint.MaxPort}, not '{found.Value}'.");
    }

    public static string Help(string intro, IReadOnlyList<ProgramOption> known)
    {
        var width = known.Max(static option => Usage(option).Length) + 3;
        var help = new StringBuilder(intro).AppendLine().AppendLine();
        foreach (var option in known)
            help.Append(Usage(option).PadRight(width)).Append(option.Description).Append(" [").Append(option.Variable).AppendLine("]");
        return help.Append("  --help".PadRight(width)).Append("Shows this and stops.").ToString();
    }

    private static string Usage(ProgramOption option) => $"  {option.Name} <{option.Placeholder}>";
}
