namespace Kessan.Build;

/// <summary>The working tree, and where in it things are.</summary>
public sealed class Repository(string root)
{
    public const string Configuration = "Debug";

    public string Root { get; } = Path.GetFullPath(root);

    public string Solution => In("Kessan.sln");

    /// <summary>What was found out about the package source; Aspire.props reads it.</summary>
    public string EnvironmentRecord => In("artifacts", "environment.props");

    public string TestResults => In("artifacts", "test-results");

    /// <summary>The one that holds the file-based program that is running.</summary>
    public static Repository OfThisProgram()
    {
        var directory = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Environment.CurrentDirectory;
        for (var candidate = directory; candidate is not null; candidate = Path.GetDirectoryName(candidate))
        {
            if (File.Exists(Path.Combine(candidate, "Kessan.sln")))
                return new Repository(candidate);
        }

        throw new InvalidOperationException($"No Kessan.sln in '{directory}' or above.");
    }

    public string In(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>The assembly that a project's build makes.</summary>
    public string AssemblyOf(string projectFile) => Path.Combine(
        Path.GetDirectoryName(Path.Combine(Root, projectFile))!, "bin", Configuration, "net10.0",
        Path.GetFileNameWithoutExtension(projectFile) + ".dll");
}
