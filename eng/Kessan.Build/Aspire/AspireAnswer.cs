namespace Kessan.Build.Aspire;

/// <summary>Whether the Aspire packages can be had.</summary>
/// <param name="Available">Null if that could not be found out.</param>
/// <param name="Reason">How it is known, for the user.</param>
public sealed record AspireAnswer(bool? Available, string Reason)
{
    /// <summary>What the switch is set to: what may be missing is not used.</summary>
    public bool Switch => Available is true;
}
