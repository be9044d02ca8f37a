using System.Collections.Concurrent;
using Tmds.DBus.Protocol;

namespace RemoteAccess.Tests;

/// <summary>How a panel's watcher treats an item.</summary>
internal enum PanelManners { Good, WithoutHost, Silent, Refuses, AnswersNonsense, Floods }

/// <summary>A panel on a session bus: watcher and host in one, as desktops have them, with good manners or without.</summary>
internal sealed class StatusPanel : IPathMethodHandler, IAsyncDisposable
{
    private const string Name = "org.kde.StatusNotifierWatcher", Item = "org.kde.StatusNotifierItem", ItemPath = "/StatusNotifierItem";
    private readonly DBusConnection connection;
    private readonly CancellationTokenSource stop = new();
    private volatile PanelManners manners;
    private Task flooding = Task.CompletedTask;
    private int signals;

    private StatusPanel(DBusConnection connection, PanelManners manners)
    {
        this.connection = connection;
        this.manners = manners;
    }

    /// <summary>What was registered: the names of items.</summary>
    public ConcurrentQueue<string> Items { get; } = [];

    /// <summary>How many signals items sent.</summary>
    public int Signals => Volatile.Read(ref signals);

    public string Path => "/StatusNotifierWatcher";

    public bool HandlesChildPaths => false;

    public static async Task<StatusPanel> OpenAsync(SessionBus bus, PanelManners manners = PanelManners.Good)
    {
        DBusConnection connection = new(new DBusConnectionOptions(bus.Address));
        await connection.ConnectAsync();
        StatusPanel panel = new(connection, manners);
        connection.AddMethodHandler(panel);
        await connection.AddMatchAsync(new MatchRule { Type = MessageType.Signal, Interface = Item }, _ => Interlocked.Increment(ref panel.signals), emitOnCapturedContext: false);
        await connection.RequestNameAsync(Name);
        if (manners == PanelManners.Floods) panel.flooding = Task.Run(panel.FloodAsync);
        return panel;
    }

    /// <summary>A host comes; watchers say so.</summary>
    public void HostComes()
    {
        manners = PanelManners.Good;
        Signal("StatusNotifierHostRegistered");
    }

    public async Task<string> ItemAsync()
    {
        await Eventually.Is(() => !Items.IsEmpty, "the item is registered");
        return Items.Last();
    }

    public async Task<VariantValue> PropertyAsync(string name)
    {
        string item = await ItemAsync();
        return await connection.CallMethodAsync(Call(item, "org.freedesktop.DBus.Properties", "Get", "ss", Item, name), static (reply, _) => reply.GetBodyReader().ReadVariantValue());
    }

    public async Task<Dictionary<string, VariantValue>> PropertiesAsync()
    {
        string item = await ItemAsync();
        return await connection.CallMethodAsync(Call(item, "org.freedesktop.DBus.Properties", "GetAll", "s", Item), static (reply, _) => reply.GetBodyReader().ReadDictionaryOfStringToVariantValue());
    }

    public async Task<string> IntrospectAsync() =>
        await connection.CallMethodAsync(Call(await ItemAsync(), "org.freedesktop.DBus.Introspectable", "Introspect", null), static (reply, _) => reply.GetBodyReader().ReadString());

    /// <summary>Calls a method with two numbers, as a click does.</summary>
    public async Task ClickAsync(string method = "Activate") => await connection.CallMethodAsync(Click(await ItemAsync(), method));

    /// <summary>A call that no panel makes.</summary>
    public async Task WrongAsync(string @interface, string member, params string[] arguments) =>
        await connection.CallMethodAsync(Call(await ItemAsync(), @interface, member, arguments.Length == 0 ? null : new string('s', arguments.Length), arguments));

    public ValueTask HandleMethodAsync(MethodContext context)
    {
        string member = context.Request.MemberAsString ?? "";
        if (member == "RegisterStatusNotifierItem") Items.Enqueue(context.Request.GetBodyReader().ReadString());
        switch (manners)
        {
            case PanelManners.Silent:
                return default;
            case PanelManners.Refuses:
                context.ReplyError("org.freedesktop.DBus.Error.AccessDenied", "No.");
                return default;
        }
        if (member == "RegisterStatusNotifierItem")
        {
            using MessageWriter writer = context.CreateReplyWriter(null);
            context.Reply(writer.CreateMessage());
        }
        else if (member == "Get")
        {
            if (manners == PanelManners.AnswersNonsense)
            {
                using MessageWriter writer = context.CreateReplyWriter("as");
                writer.WriteArray((string[])["true", "\u202etrue"]);
                context.Reply(writer.CreateMessage());
            }
            else
            {
                using MessageWriter writer = context.CreateReplyWriter("v");
                writer.WriteVariantBool(manners == PanelManners.Good);
                context.Reply(writer.CreateMessage());
            }
        }
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await flooding;
        connection.Dispose();
        stop.Dispose();
    }

    /// <summary>Signals, clicks and nonsense, as fast as the bus takes them.</summary>
    private async Task FloodAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            Signal("StatusNotifierHostRegistered");
            if (Items.LastOrDefault() is { } item)
            {
                connection.TrySendMessage(Click(item, "ContextMenu"));
                connection.TrySendMessage(Call(item, Item, "Activate", "s", new string('x', 60_000)));
                connection.TrySendMessage(Call(item, "org.freedesktop.DBus.Properties", "Get", "s", "\u0001"));
            }
            await Task.Delay(1);
        }
    }

    private void Signal(string member)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteSignalHeader(null, Path, Name, member);
        connection.TrySendMessage(writer.CreateMessage());
    }

    private MessageBuffer Click(string item, string method)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(item, ItemPath, Item, method, "ii");
        writer.WriteInt32(int.MinValue);
        writer.WriteInt32(int.MaxValue);
        return writer.CreateMessage();
    }

    private MessageBuffer Call(string item, string @interface, string member, string? signature, params string[] arguments)
    {
        using MessageWriter writer = connection.GetMessageWriter();
        writer.WriteMethodCallHeader(item, ItemPath, @interface, member, signature);
        foreach (string argument in arguments) writer.WriteString(argument);
        return writer.CreateMessage();
    }
}
