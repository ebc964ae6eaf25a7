using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kessan.CacheHost.Tests.Docs;

/// <summary>A command of the document, where it stands, and what it is said to answer.</summary>
internal sealed partial record HttpExample(string Section, string Command, string Output)
{
    public static IEnumerable<HttpExample> In(string document)
    {
        var section = "";
        foreach (Match match in HeadingOrExample().Matches(document))
        {
            if (match.Groups["section"] is { Success: true } heading) section = heading.Value;
            else yield return new HttpExample(section, match.Groups["command"].Value, match.Groups["output"].Value);
        }
    }

    /// <summary>Runs the command against a replica.</summary>
    public async Task<string> RunAsync(Uri address)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Command.Replace("http://localhost:5081", address.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal));
        start.Environment["KEY"] = ServiceNode.FullKey;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n') + "\n";
    }

    /// <summary>Whether an answer is the one of the document, but for what differs from run to run: numbers, instants and names of nodes.</summary>
    public bool IsLike(string answer) => Shape(answer) == Shape(Output);

    private static string Shape(string output) => Numbers().Replace(Names().Replace(Dates().Replace(output, "Date"), "name"), "0");

    [GeneratedRegex(@"^## (?<section>.+)$|^```console\n\$ (?<command>.+)\n(?<output>(?:(?!```).*\n)*)```", RegexOptions.Multiline)]
    private static partial Regex HeadingOrExample();

    [GeneratedRegex("Date: .*|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|\\+00:00)")]
    private static partial Regex Dates();

    [GeneratedRegex("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}|Kessan-Node: [0-9a-f]+")]
    private static partial Regex Names();

    [GeneratedRegex("-?[0-9]+(\\.[0-9]+)?|null")]
    private static partial Regex Numbers();
}
