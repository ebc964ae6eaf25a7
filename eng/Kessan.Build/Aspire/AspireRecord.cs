namespace Kessan.Build.Aspire;

/// <summary>The answer of an earlier probe, in the file that Aspire.props reads.</summary>
public sealed class AspireRecord(string file)
{
    public bool? Read()
    {
        if (!File.Exists(file))
            return null;

        var text = File.ReadAllText(file);
        return text.Contains(Element(true), StringComparison.Ordinal) ? true
            : text.Contains(Element(false), StringComparison.Ordinal) ? false
            : null;
    }

    public void Write(bool available)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // Moved into place: a build that runs beside us never reads half a file.
        var draft = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(draft, $"""
            <Project>
              <!-- Written by eng/run.cs and eng/test.cs: whether the package source has the Aspire packages. Delete it to ask again. -->
              <PropertyGroup>
                {Element(available)}
              </PropertyGroup>
            </Project>

            """);
        File.Move(draft, file, overwrite: true);
    }

    private static string Element(bool available) => $"<AspirePackages>{(available ? "true" : "false")}</AspirePackages>";
}
