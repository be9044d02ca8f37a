using Microsoft.Extensions.Logging;
using RemoteAccess.Trust;
using Tmds.DBus.Protocol;

namespace RemoteAccess.Sessions;

/// <summary>
/// Restarts a Linux computer by logind (<c>org.freedesktop.login1</c> on the system bus), which decides whether this account may: no program is run and nobody is asked for a password.
/// It is scheduled like <c>shutdown -r +1</c>, with logind's message to everybody who is logged on, and may be stopped there with <c>shutdown -c</c>. Taken back when the customer takes the permit
/// away before it happens; not when the technician merely leaves. Thread-safe.
/// </summary>
/// <param name="address">The system bus; null when there is none.</param>
/// <param name="time">The moment that is named to logind, and for how long it is waited for.</param>
/// <param name="logger">Where it is said that nobody was told.</param>
internal sealed class LogindPower(string? address, TimeProvider time, ILogger logger) : IPowerControl, IAsyncDisposable
{
    /// <summary>How long whoever sits there has to save what is open, or to stop it.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(1);

    /// <summary>For each answer of bus and logind.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource over = new();
    private readonly Lock gate = new();
    private Task watching = Task.CompletedTask;

    private const string Name = "org.freedesktop.login1", Path = "/org/freedesktop/login1", Interface = "org.freedesktop.login1.Manager";

    /// <summary>Linux has no safe mode that keeps a network and this agent.</summary>
    public bool Supports(RestartMode mode) => mode == RestartMode.Normal;

    public async ValueTask<TimeSpan> RestartAsync(RestartMode mode, OperationPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != Operations.Restart) throw new ArgumentException($"This needs a permit for {Operations.Restart}, not {permit.Operation}.", nameof(permit));
        if (!Supports(mode)) throw new ArgumentOutOfRangeException(nameof(mode), mode, "Linux has no safe mode.");
        permit.Demand();
        if (address is null) throw Refusal("there is no system bus (D-Bus), on which logind would be asked");
        try
        {
            using var connection = new DBusConnection(new DBusConnectionOptions(address));
            await InTime(connection.ConnectAsync().AsTask(), cancellationToken).ConfigureAwait(false);
            await DemandAllowedAsync(connection, cancellationToken).ConfigureAwait(false);
            await TellAsync(connection, cancellationToken).ConfigureAwait(false);
            permit.Demand();
            await ScheduleAsync(connection, cancellationToken).ConfigureAwait(false);
            lock (gate) watching = Task.WhenAll(watching, WatchAsync(address, permit));
            return Notice;
        }
        catch (Exception failure) when (IsOfTheBus(failure))
        {
            throw Refusal(failure is TimeoutException ? $"logind did not answer within {Patience.TotalSeconds:0} s" : failure.Message, failure);
        }
    }

    /// <summary>What is scheduled remains so.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        Task last;
        lock (gate) last = watching;
        await last.ConfigureAwait(false);
        over.Dispose();
    }

    /// <summary>Until it happens: what the customer takes away is not done later either.</summary>
    private async Task WatchAsync(string bus, OperationPermit permit)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(permit.Withdrawn, over.Token);
        await Task.Delay(Notice, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!IsTakenAway(permit)) return;
        try
        {
            using var connection = new DBusConnection(new DBusConnectionOptions(bus));
            await InTime(connection.ConnectAsync().AsTask(), over.Token).ConfigureAwait(false);
            await InTime(connection.CallMethodAsync(Cancellation(connection, MessageFlags.None)), over.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOfTheBus(failure) || failure is OperationCanceledException)
        {
            Log.RestartNotTakenBack(logger, failure.Message);
        }
    }

    /// <summary>By the customer, or by one of their rules; the end of the session alone is not that.</summary>
    private static bool IsTakenAway(OperationPermit permit)
    {
        try
        {
            permit.Demand();
            return false;
        }
        catch (AccessRefusedException refusal)
        {
            return refusal.Reason != RefusalReason.SessionEnded;
        }
    }

    /// <summary>"yes" is the only word for it: "challenge" would ask the person there for an administrator's password.</summary>
    private async Task DemandAllowedAsync(DBusConnection connection, CancellationToken cancellationToken)
    {
        string answer = await InTime(connection.CallMethodAsync(Question(connection), static (reply, _) => reply.SignatureAsString == "s" ? reply.GetBodyReader().ReadString() : ""), cancellationToken).ConfigureAwait(false);
        if (answer == "yes") return;
        throw Refusal(answer switch
        {
            "no" => "logind says that this account may not restart the computer",
            "challenge" => "logind would ask for an administrator's password first; run the agent as root, or allow its account org.freedesktop.login1.reboot by polkit",
            "na" => "logind says that this computer cannot be restarted",
            "inhibited" or "inhibitor-blocked" => "a program on the computer keeps it from restarting (systemd-inhibit --list names it)",
            _ => "logind answered nothing that is known",
        });
    }

    /// <summary>To everybody who is logged on. That it is not allowed is no reason to leave the computer as it is: its ledger and surface say who is there.</summary>
    private async Task TellAsync(DBusConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await InTime(connection.CallMethodAsync(Message(connection)), cancellationToken).ConfigureAwait(false);
        }
        catch (DBusErrorReplyException refused)
        {
            Log.RestartUntold(logger, refused.Message);
        }
    }

    private async Task ScheduleAsync(DBusConnection connection, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task scheduled = connection.CallMethodAsync(Order(connection, time.GetUtcNow() + Notice));
        try
        {
            // What was sent is done, whoever still waits for it.
            await scheduled.WaitAsync(Patience, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It may have been heard all the same, and will be said to have been refused.
            connection.TrySendMessage(Cancellation(connection, MessageFlags.NoReplyExpected));
            throw;
        }
    }

    private Task InTime(Task call, CancellationToken cancellationToken) => call.WaitAsync(Patience, time, cancellationToken);

    private Task<T> InTime<T>(Task<T> call, CancellationToken cancellationToken) => call.WaitAsync(Patience, time, cancellationToken);

    private static DesktopException Refusal(string why, Exception? inner = null) => new(DesktopError.MissingExtension, $"The computer was not restarted: {why}.", inner);

    private static MessageBuffer Question(DBusConnection connection)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(Name, Path, Interface, "CanReboot");
        return writer.CreateMessage();
    }

    private static MessageBuffer Message(DBusConnection connection)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(Name, Path, Interface, "SetWallMessage", "sb");
        writer.WriteString("A technician who is connected restarts this computer. 'shutdown -c' stops it.");
        writer.WriteBool(true);
        return writer.CreateMessage();
    }

    private static MessageBuffer Order(DBusConnection connection, DateTimeOffset when)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(Name, Path, Interface, "ScheduleShutdown", "st");
        writer.WriteString("reboot");
        writer.WriteUInt64((ulong)when.ToUnixTimeMilliseconds() * 1000);
        return writer.CreateMessage();
    }

    private static MessageBuffer Cancellation(DBusConnection connection, MessageFlags flags)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(Name, Path, Interface, "CancelScheduledShutdown", flags: flags);
        return writer.CreateMessage();
    }

    /// <summary>What a bus, or somebody on it, can bring about.</summary>
    private static bool IsOfTheBus(Exception failure) =>
        failure is DBusExceptionBase or TimeoutException or IOException or System.Net.Sockets.SocketException or InvalidOperationException or ArgumentException or FormatException;
}
