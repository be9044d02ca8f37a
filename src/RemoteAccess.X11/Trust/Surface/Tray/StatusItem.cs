using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tmds.DBus.Protocol;

namespace RemoteAccess.Trust;

/// <summary>
/// The icon as an item of the session bus (<c>org.kde.StatusNotifierItem</c>), for panels that have no XEMBED tray: registered with the watcher that is there,
/// and with each that comes. Whatever the bus, the watcher or a panel does, it is only this icon that is missing; nothing waits for them. Thread-safe.
/// </summary>
/// <param name="address">The session bus; null when there is none.</param>
/// <param name="title">What the program is called.</param>
/// <param name="open">Opens the window. Any thread.</param>
/// <param name="changed">Told when <see cref="IsAccepted"/> or <see cref="IsDecided"/> may have changed. Any thread.</param>
/// <param name="logger">Where it is said that there is no such icon, and why.</param>
/// <param name="time">For how long a bus is waited for.</param>
internal sealed class StatusItem(string? address, string title, Action open, Action changed, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private const string Watcher = "org.kde.StatusNotifierWatcher", WatcherPath = "/StatusNotifierWatcher";

    /// <summary>A bus or a watcher that takes longer is treated as one that is not there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A watcher that cries without end is listened to no oftener.</summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Channel<bool> hosts = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private StatusItemLook look = new("", []);
    private Task running = Task.CompletedTask;
    private volatile bool isAccepted, isDecided;

    /// <summary>Whether a watcher took the item and says that a panel shows such items.</summary>
    public bool IsAccepted => isAccepted;

    /// <summary>Whether it is known, for the time being, if a panel shows the item.</summary>
    public bool IsDecided => isDecided;

    /// <summary>Connects, beside the caller; without a bus it is decided when this returns.</summary>
    public void Start()
    {
        if (address is not null)
        {
            running = Task.Run(() => RunAsync(address));
            return;
        }
        isDecided = true;
        Log.NoSessionBus(logger, "there is no session bus (DBUS_SESSION_BUS_ADDRESS is not set)");
    }

    /// <summary>Shows another icon, or says something else.</summary>
    public void Show(StatusItemLook next)
    {
        Volatile.Write(ref look, next);
        news.Writer.TryWrite(true);
    }

    /// <summary>Takes the item away; does not wait.</summary>
    public void End() => stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task RunAsync(string bus)
    {
        try
        {
            await ServeAsync(bus).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure) when (IsOfTheBus(failure))
        {
            Log.NoSessionBus(logger, failure.Message);
        }
        finally
        {
            Decide(false);
        }
    }

    private async Task ServeAsync(string bus)
    {
        using var connection = new DBusConnection(new DBusConnectionOptions(bus));
        await connection.ConnectAsync().AsTask().WaitAsync(Patience, time, stop.Token).ConfigureAwait(false);
        connection.AddMethodHandler(new StatusItemObject(title, () => Volatile.Read(ref look), open));
        string name = await TakeNameAsync(connection).ConfigureAwait(false);
        using NameOwnerWatcher watcher = await connection.WatchNameOwnerAsync(Watcher).WaitAsync(Patience, time, stop.Token).ConfigureAwait(false);
        Task telling = TellAsync(connection);
        try
        {
            while (true)
            {
                if (watcher.GetCurrentOwner() is null) Decide(false);
                string owner = await watcher.WaitForOwnerAsync(stop.Token).ConfigureAwait(false);
                using var gone = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, watcher.GetOwnerChangedCancellationToken(owner));
                await FollowAsync(connection, owner, name, gone.Token).ConfigureAwait(false);
                stop.Token.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The name that the specification gives an item; the connection's own when somebody has that already.</summary>
    private async Task<string> TakeNameAsync(DBusConnection connection)
    {
        string name = $"org.kde.StatusNotifierItem-{Environment.ProcessId}-1";
        return await connection.TryRequestNameAsync(name).WaitAsync(Patience, time, stop.Token).ConfigureAwait(false) ? name : connection.UniqueName ?? throw new TimeoutException("The session bus gave no name.");
    }

    /// <summary>Registers with one watcher, and keeps up with what it says of panels until it is gone.</summary>
    private async Task FollowAsync(DBusConnection connection, string watcher, string name, CancellationToken gone)
    {
        try
        {
            using IDisposable listening = await connection.AddMatchAsync(
                new MatchRule { Type = MessageType.Signal, Sender = watcher, Path = WatcherPath, Interface = Watcher },
                _ => hosts.Writer.TryWrite(true),
                emitOnCapturedContext: false).AsTask().WaitAsync(Patience, time, gone).ConfigureAwait(false);
            await connection.CallMethodAsync(Registration(connection, watcher, name)).WaitAsync(Patience, time, gone).ConfigureAwait(false);
            while (true)
            {
                Decide(await connection.CallMethodAsync(Question(connection, watcher), static (reply, _) => reply.SignatureAsString == "v" && reply.GetBodyReader().ReadVariantValue() is { Type: VariantValueType.Bool } host && host.GetBool())
                    .WaitAsync(Patience, time, gone).ConfigureAwait(false));
                await Task.Delay(AtMostEvery, time, gone).ConfigureAwait(false);
                await hosts.Reader.ReadAsync(gone).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            Decide(false);
        }
        catch (Exception refused) when (IsOfTheBus(refused) && !gone.IsCancellationRequested)
        {
            // It may have its reasons; another one that comes is asked again.
            Log.WatcherRefused(logger, refused.Message);
            Decide(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Tells panels of what is new, for as long as it runs.</summary>
    private async Task TellAsync(DBusConnection connection)
    {
        while (await news.Reader.WaitToReadAsync(stop.Token).ConfigureAwait(false))
        {
            news.Reader.TryRead(out _);
            foreach (string signal in (string[])["NewIcon", "NewToolTip"]) connection.TrySendMessage(Signal(connection, signal));
        }
    }

    private void Decide(bool accepted)
    {
        if (isDecided && isAccepted == accepted) return;
        isAccepted = accepted;
        isDecided = true;
        changed();
    }

    private static MessageBuffer Registration(DBusConnection connection, string watcher, string name)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(watcher, WatcherPath, Watcher, "RegisterStatusNotifierItem", "s");
        writer.WriteString(name);
        return writer.CreateMessage();
    }

    private static MessageBuffer Question(DBusConnection connection, string watcher)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(watcher, WatcherPath, "org.freedesktop.DBus.Properties", "Get", "ss");
        writer.WriteString(Watcher);
        writer.WriteString("IsStatusNotifierHostRegistered");
        return writer.CreateMessage();
    }

    private static MessageBuffer Signal(DBusConnection connection, string name)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteSignalHeader(null, StatusItemObject.ObjectPath, StatusItemObject.Interface, name);
        return writer.CreateMessage();
    }

    /// <summary>What a bus, or somebody on it, can bring about.</summary>
    private static bool IsOfTheBus(Exception failure) =>
        failure is DBusExceptionBase or TimeoutException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException or ArgumentException or FormatException;
}
