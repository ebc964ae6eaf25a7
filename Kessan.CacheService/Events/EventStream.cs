using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Kessan.CacheHost.Events;

/// <summary>Writes server-sent events (HTML standard, section 9.2).</summary>
/// <remarks>
/// <code>
/// id: 1f0c8a2b9e4d:17
/// event: key
/// data: {"key":"stock_price:7203:latest","change":"set","version":1732300000000000}
///
/// id: 1f0c8a2b9e4d:18                          an event that this client may not see: its number, so that there is no hole
///
/// : heartbeat n=18 up=60123.4 age=0.3         the last number; this process's age and the channel's silence, in ms
/// </code>
/// </remarks>
internal sealed class EventStream(PipeWriter output, string node)
{
    public void Write(ServiceEvent item)
    {
        WriteId(item.Number);
        Write($"event: {item.Name}\ndata: ");
        output.Write(item.Data.Span);
        Write("\n\n");
    }

    /// <summary>A number alone: where the client is, without an event.</summary>
    public void WritePosition(long number)
    {
        WriteId(number);
        Write("\n");
    }

    /// <summary>The client may have missed something: what it holds must be revalidated.</summary>
    public void WriteReset(long number, string reason)
    {
        WriteId(number);
        Write($"event: reset\ndata: {{\"reason\":\"{reason}\"}}\n\n");
    }

    public void WriteHeartbeat(long number, TimeSpan uptime, TimeSpan? silence)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $": heartbeat n={number} up={uptime.TotalMilliseconds:F1}");
        if (silence is { } age) text += string.Create(CultureInfo.InvariantCulture, $" age={age.TotalMilliseconds:F1}");
        Write($"{text}\n\n");
    }

    /// <summary>This replica goes: the client should turn to another, at once.</summary>
    public void WriteStopping() => Write("retry: 100\nevent: stopping\ndata: {}\n\n");

    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var result = await output.FlushAsync(cancellationToken);
        return !result.IsCompleted && !result.IsCanceled;
    }

    private void WriteId(long number) => Write(string.Create(CultureInfo.InvariantCulture, $"id: {node}:{number}\n"));

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
