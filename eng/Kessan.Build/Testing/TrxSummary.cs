using System.Globalization;
using System.Xml.Linq;

namespace Kessan.Build.Testing;

/// <summary>What a runner's result file (TRX) says.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed, ran out of time or were aborted.</param>
/// <param name="Skipped">Tests that were not run.</param>
/// <param name="SkipReasons">Why, and how many tests for each reason.</param>
public sealed record TrxSummary(int Passed, int Failed, int Skipped, IReadOnlyDictionary<string, int> SkipReasons)
{
    public static readonly TrxSummary Empty = new(0, 0, 0, new Dictionary<string, int>());

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <returns>Null if there is no file, or only part of one: the runner crashed.</returns>
    public static TrxSummary? Read(string file)
    {
        try
        {
            return Parse(XDocument.Load(file));
        }
        catch (Exception failure) when (failure is IOException or System.Xml.XmlException)
        {
            return null;
        }
    }

    /// <returns>Null if the document has no counters.</returns>
    public static TrxSummary? Parse(XDocument document)
    {
        if (document.Descendants(Trx + "Counters").FirstOrDefault() is not { } counters)
            return null;

        var reasons = document.Descendants(Trx + "UnitTestResult")
            .Where(static result => (string?)result.Attribute("outcome") == "NotExecuted")
            .GroupBy(static result => result.Descendants(Trx + "StdOut").FirstOrDefault()?.Value.Trim() ?? "no reason given")
            .ToDictionary(static group => group.Key, static group => group.Count());
        return new(Count("passed"), Count("failed") + Count("error") + Count("timeout") + Count("aborted"), Count("notExecuted"), reasons);

        int Count(string name) => int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
    }
}
