using System.Buffers;
using System.Text;

namespace Kessan.Caching.Client.Events;

/// <summary>
/// Takes server-sent events (HTML standard, section 9.2) apart, line by line. The platform's own parser drops comments, and with them
/// the heartbeats.
/// </summary>
internal sealed class SseParser
{
    private string? _id;
    private string? _name;
    private string? _data;

    /// <summary>Takes one line, without its end.</summary>
    /// <returns>What is complete with it, if anything is.</returns>
    public SseItem? Take(in ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty) return Dispatch();

        var text = Encoding.UTF8.GetString(line);
        if (text[0] == ':') return new SseItem(null, null, null, text[1..].Trim());

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var field = colon < 0 ? text : text[..colon];
        var value = colon < 0 ? "" : text[(colon + 1)..];
        if (value.StartsWith(' ')) value = value[1..];
        switch (field)
        {
            case "id":
                _id = value;
                break;
            case "event":
                _name = value;
                break;
            case "data":
                _data = _data is null ? value : $"{_data}\n{value}";
                break;
            default:
                break; // retry, and what there may be one day
        }

        return null;
    }

    private SseItem? Dispatch()
    {
        if (_id is null && _data is null) return null;
        var item = new SseItem(_id, _name, _data, null);
        (_id, _name, _data) = (null, null, null);
        return item;
    }
}
