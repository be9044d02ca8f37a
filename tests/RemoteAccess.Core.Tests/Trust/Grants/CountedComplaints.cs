using Microsoft.Extensions.Logging;

namespace RemoteAccess.Tests;

/// <summary>Counts what is logged: each reading of a damaged grant for the first time is a line, so that no line shows that no such file was opened.</summary>
internal sealed class CountedComplaints : ILogger
{
    private int count;

    public int Count => Volatile.Read(ref count);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Interlocked.Increment(ref count);
}
