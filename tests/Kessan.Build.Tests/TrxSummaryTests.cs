using System.Xml.Linq;
using Kessan.Build.Testing;

namespace Kessan.Build.Tests;

public sealed class TrxSummaryTests
{
    private const string Document = """
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>
            <UnitTestResult testName="A" outcome="Passed" />
            <UnitTestResult testName="B" outcome="NotExecuted"><Output><StdOut>redis-server is not on PATH</StdOut></Output></UnitTestResult>
            <UnitTestResult testName="C" outcome="NotExecuted"><Output><StdOut>redis-server is not on PATH</StdOut></Output></UnitTestResult>
            <UnitTestResult testName="D" outcome="NotExecuted" />
          </Results>
          <ResultSummary outcome="Failed">
            <Counters total="9" passed="2" failed="1" error="1" timeout="1" aborted="1" notExecuted="3" />
          </ResultSummary>
        </TestRun>
        """;

    [Fact]
    public void Parse_Counters_AreTaken()
    {
        var summary = TrxSummary.Parse(XDocument.Parse(Document))!;

        Assert.Equal((2, 4, 3), (summary.Passed, summary.Failed, summary.Skipped));
    }

    [Fact]
    public void Parse_SkippedTests_AreGroupedByReason()
    {
        var summary = TrxSummary.Parse(XDocument.Parse(Document))!;

        Assert.Equal(2, summary.SkipReasons["redis-server is not on PATH"]);
        Assert.Equal(1, summary.SkipReasons["no reason given"]);
    }

    [Fact]
    public void Parse_NoCounters_IsNoResult() =>
        Assert.Null(TrxSummary.Parse(XDocument.Parse("<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\" />")));

    [Fact]
    public void Read_NoFileOrHalfAFile_IsNoResult()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Document[..200]);

            Assert.Null(TrxSummary.Read(file));
            Assert.Null(TrxSummary.Read(file + ".missing"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
