namespace Kessan.EmbeddedRedis.Programs;

/// <summary>One option of a program: <c>--name value</c>, with an environment variable behind it; the option wins.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Placeholder">What the help calls the value.</param>
/// <param name="Variable">The environment variable.</param>
/// <param name="Description">For the help, with the default.</param>
internal sealed record ProgramOption(string Name, string Placeholder, string Variable, string Description);
