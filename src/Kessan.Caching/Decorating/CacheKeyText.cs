using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Decorating;

/// <summary>The text of a parameter in a key: the same in every culture, and different for different values.</summary>
/// <remarks>
/// A missing value is <c>~</c>; an empty text, and one that begins with <c>~</c>, gets <c>~~</c> in front, so that nothing else is
/// <c>~</c>. Dates and times are ISO 8601.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CacheKeyText
{
    private const string Missing = "~";

    /// <summary>The text of a string.</summary>
    public static string Of(string? value) => value switch
    {
        null => Missing,
        "" or ['~', ..] => "~~" + value,
        _ => value,
    };

    /// <summary>The text of a truth value.</summary>
    public static string Of(bool? value) => value switch { null => Missing, true => "true", false => "false" };

    /// <summary>The text of a character.</summary>
    public static string Of(char? value) => Of(value?.ToString());

    /// <summary>The text of a number, an enum, a date, or whatever else can be formatted.</summary>
    public static string Of<T>(T value)
        where T : IFormattable
        => value is null ? Missing : Of(value.ToString(value is DateTime or DateTimeOffset or DateOnly or TimeOnly ? "O" : null, CultureInfo.InvariantCulture));

    /// <summary>The text of a value that may be missing.</summary>
    public static string Of<T>(T? value)
        where T : struct, IFormattable
        => value is { } present ? Of(present) : Missing;

    /// <summary>The text of a string, encoded as in keys; for tags and for keys without a data type.</summary>
    public static string Encode(string? value) => EncodeText(Of(value));

    /// <summary>The text of a truth value, encoded as in keys.</summary>
    public static string Encode(bool? value) => Of(value);

    /// <summary>The text of a character, encoded as in keys.</summary>
    public static string Encode(char? value) => EncodeText(Of(value));

    /// <summary>The text of what can be formatted, encoded as in keys.</summary>
    public static string Encode<T>(T value)
        where T : IFormattable
        => EncodeText(Of(value));

    /// <summary>The text of a value that may be missing, encoded as in keys.</summary>
    public static string Encode<T>(T? value)
        where T : struct, IFormattable
        => EncodeText(Of(value));

    private static string EncodeText(string text)
    {
        if (KeyPart.IsPlain(text)) return text;

        var buffer = new char[text.Length * 9];
        return KeyPart.Encode(text, buffer, out var written) == OperationStatus.Done
            ? new string(buffer, 0, written)
            : throw new ArgumentException($"A part of a key or tag ({text.Length} characters) is not valid UTF-16.");
    }
}
