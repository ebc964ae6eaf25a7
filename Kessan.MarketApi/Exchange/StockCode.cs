using System.Text.RegularExpressions;

namespace Kessan.MarketApi.Exchange;

/// <summary>A securities code as the exchange assigns it, in the one form that keys and look-ups use. Immutable.</summary>
/// <remarks>
/// Four characters: since January 2024 letters may stand in positions 2 and 4, except B, E, I, O, Q, V and Z
/// (https://www.jpx.co.jp/sicc/code-pr/). A fifth character names a share class: <c>0</c> is the common share and is dropped here.
/// </remarks>
internal readonly partial record struct StockCode : IFormattable
{
    // Longer than any spelling of a code that is understood ("７２０３０．Ｔ"), so that nobody makes us look at a megabyte.
    private const int MaximumLength = 16;
    private const char FullWidthFirst = '！';
    private const char FullWidthLast = '～';

    private StockCode(string value) => Value = value;

    /// <summary>The code: <c>7203</c>, <c>130A</c>, or five characters for a share that is not the common one.</summary>
    public string Value { get; }

    /// <summary>The five characters that J-Quants uses: <c>72030</c>.</summary>
    public string FiveCharacters => Value.Length == 5 ? Value : Value + "0";

    /// <summary>
    /// Reads a code as people write it: full-width (<c>７２０３</c>), lower case (<c>130a</c>), with Yahoo's suffix (<c>7203.T</c>),
    /// with the common share's fifth character (<c>72030</c>).
    /// </summary>
    public static bool TryParse(string? text, out StockCode code)
    {
        code = default;
        if (text is null || text.Length > MaximumLength)
            return false;

        var plain = string.Concat(text.Trim().Select(ToHalfWidth)).ToUpperInvariant();
        if (plain.EndsWith(".T", StringComparison.Ordinal))
            plain = plain[..^2];
        if (plain.Length == 5 && plain[4] == '0')
            plain = plain[..4];
        if (!Form().IsMatch(plain))
            return false;

        code = new StockCode(plain);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>The code, whatever the format and the culture: so it stands in keys.</summary>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => Value;

    private static char ToHalfWidth(char character) =>
        character is >= FullWidthFirst and <= FullWidthLast ? (char)(character - FullWidthFirst + '!') : character;

    [GeneratedRegex(@"\A[1-9][0-9ACDFGHJKLMNPRSTUWXY][0-9][0-9ACDFGHJKLMNPRSTUWXY][1-9]?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
