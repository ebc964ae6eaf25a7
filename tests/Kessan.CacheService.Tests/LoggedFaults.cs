using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests;

/// <summary>The errors that a service has written to its log, or what is as grave as another level.</summary>
internal sealed class LoggedFaults(LogLevel least = LogLevel.Error) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _seen = new();

    public IEnumerable<string> Seen => _seen;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) _seen.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
