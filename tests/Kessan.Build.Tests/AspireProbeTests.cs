using Kessan.Build.Aspire;

namespace Kessan.Build.Tests;

public sealed class AspireProbeTests : IDisposable
{
    private const string Absent =
        "probe.csproj : error NU1101: Unable to find package Aspire.AppHost.Sdk. No packages exist with this id in source(s): nuget.org";
    private const string WrongVersion = "probe.csproj : error NU1102: Unable to find package Aspire.AppHost.Sdk with version (= 13.5.4)";
    private const string SdkAbsent =
        "App.csproj : error : Unable to find package Aspire.AppHost.Sdk. No packages exist with this id in source(s): nuget.org\n"
        + "App.csproj : error MSB4236: The SDK 'Aspire.AppHost.Sdk' specified could not be found.";
    private const string Offline = "probe.csproj : error NU1301: Unable to load the service index for source https://example.invalid/index.json.";
    private const string OtherAbsent = "probe.csproj : error NU1101: Unable to find package Some.Analyzer. No packages exist with this id";
    private const string SdkOffline = "App.csproj : error MSB4236: The SDK 'Aspire.AppHost.Sdk' specified could not be found.";

    private readonly string _directory = Directory.CreateTempSubdirectory("kessan-").FullName;
    private int _restores;

    private string RecordFile => Path.Combine(_directory, "artifacts", "environment.props");

    private AspireRecord Record => new(RecordFile);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task AskAsync_PackagesRestored_RecordsYesAndDoesNotAskAgain()
    {
        var first = await Probe(0, "").AskAsync(Stop);
        var second = await Probe(1, Absent).AskAsync(Stop);

        Assert.True(first.Switch);
        Assert.True(second.Switch);
        Assert.Equal(1, _restores);
        Assert.True(Record.Read());
    }

    [Theory]
    [InlineData(Absent)]
    [InlineData(WrongVersion)]
    [InlineData(SdkAbsent)]
    public async Task AskAsync_DefiniteAbsence_RecordsNo(string output)
    {
        var answer = await Probe(1, output).AskAsync(Stop);

        Assert.False(answer.Available);
        Assert.False(Record.Read());
    }

    [Theory]
    [InlineData(1, Offline)]
    [InlineData(1, Offline + "\n" + Absent)]
    [InlineData(1, OtherAbsent)]
    [InlineData(1, SdkOffline)]
    [InlineData(1, "")]
    [InlineData(null, "")]
    public async Task AskAsync_AnythingElse_RecordsNothingAndSwitchesOffThisOnce(int? exitCode, string output)
    {
        var answer = await Probe(exitCode, output).AskAsync(Stop);

        Assert.Null(answer.Available);
        Assert.False(answer.Switch);
        Assert.False(File.Exists(RecordFile));
    }

    [Fact]
    public async Task AskAsync_RecordSaysNo_AsksAgain()
    {
        Record.Write(false);

        var answer = await Probe(0, "").AskAsync(Stop);

        Assert.True(answer.Switch);
        Assert.True(Record.Read());
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task AskAsync_SetByHand_WinsOverTheRecordAndAsksNobody(string setByHand, bool expected)
    {
        Record.Write(!expected);

        var answer = await Probe(0, "", setByHand).AskAsync(Stop);

        Assert.Equal(expected, answer.Switch);
        Assert.Equal(0, _restores);
        Assert.Equal(!expected, Record.Read());
    }

    [Fact]
    public void Write_Record_IsWhatAspirePropsImports()
    {
        Record.Write(false);

        var project = System.Xml.Linq.XDocument.Load(RecordFile);

        Assert.Equal("false", project.Root!.Element("PropertyGroup")!.Element("AspirePackages")!.Value);
    }

    private AspireProbe Probe(int? exitCode, string output, string? setByHand = null) => new(Record, setByHand, _ =>
    {
        _restores++;
        return Task.FromResult((exitCode, output));
    });
}
