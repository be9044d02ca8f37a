using System.Collections.Concurrent;
using Tmds.DBus.Protocol;

namespace RemoteAccess.Tests;

/// <summary>How a logind answers.</summary>
internal enum LogindManners { Good, TellsNobody, SaysNo, Challenges, SaysNonsense, AnswersWrongType, Silent, SilentSchedule, RefusesSchedule }

/// <summary>logind's name on a bus of the test's own: what it was asked, and no restart.</summary>
internal sealed class FakeLogind : IPathMethodHandler, IDisposable
{
    private readonly DBusConnection connection;
    private readonly LogindManners manners;

    private FakeLogind(DBusConnection connection, LogindManners manners) => (this.connection, this.manners) = (connection, manners);

    /// <summary>Member and arguments of each call.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>When it was to restart.</summary>
    public ConcurrentQueue<DateTimeOffset> Scheduled { get; } = new();

    public string Path => "/org/freedesktop/login1";

    public bool HandlesChildPaths => false;

    public static async Task<FakeLogind> OpenAsync(string bus, LogindManners manners = LogindManners.Good)
    {
        DBusConnection connection = new(new DBusConnectionOptions(bus));
        await connection.ConnectAsync();
        FakeLogind logind = new(connection, manners);
        connection.AddMethodHandler(logind);
        await connection.RequestNameAsync("org.freedesktop.login1");
        return logind;
    }

    public ValueTask HandleMethodAsync(MethodContext context)
    {
        if (context.Request.InterfaceAsString != "org.freedesktop.login1.Manager") return default;
        string member = context.Request.MemberAsString ?? "";
        Reader body = context.Request.GetBodyReader();
        switch (member)
        {
            case "CanReboot":
                Calls.Enqueue(member);
                if (manners == LogindManners.Silent) Keep(context);
                else AnswerCanReboot(context);
                break;
            case "SetWallMessage":
                string message = body.ReadString();
                Calls.Enqueue($"{member} {body.ReadBool()} {message}");
                if (manners == LogindManners.TellsNobody) context.ReplyError("org.freedesktop.DBus.Error.AccessDenied", "Permission denied");
                else Done(context);
                break;
            case "ScheduleShutdown":
                Calls.Enqueue($"{member} {body.ReadString()}");
                Scheduled.Enqueue(DateTimeOffset.FromUnixTimeMilliseconds((long)(body.ReadUInt64() / 1000)));
                if (manners == LogindManners.RefusesSchedule) context.ReplyError("org.freedesktop.DBus.Error.AccessDenied", "Permission denied");
                else if (manners == LogindManners.SilentSchedule) Keep(context);
                else Done(context);
                break;
            case "CancelScheduledShutdown":
                Calls.Enqueue(member);
                if (!context.NoReplyExpected) AnswerCancelled(context);
                break;
            default:
                Calls.Enqueue(member);
                if (!context.NoReplyExpected) context.ReplyUnknownMethodError();
                break;
        }
        return default;
    }

    public void Dispose() => connection.Dispose();

    private void AnswerCanReboot(MethodContext context)
    {
        if (manners == LogindManners.AnswersWrongType)
        {
            using MessageWriter wrong = context.CreateReplyWriter("b");
            wrong.WriteBool(true);
            context.Reply(wrong.CreateMessage());
            return;
        }
        using MessageWriter writer = context.CreateReplyWriter("s");
        writer.WriteString(manners switch { LogindManners.SaysNo => "no", LogindManners.Challenges => "challenge", LogindManners.SaysNonsense => "YES\u202e", _ => "yes" });
        context.Reply(writer.CreateMessage());
    }

    private static void AnswerCancelled(MethodContext context)
    {
        using MessageWriter writer = context.CreateReplyWriter("b");
        writer.WriteBool(true);
        context.Reply(writer.CreateMessage());
    }

    /// <summary>Without this the library answers what nobody answered.</summary>
    private static void Keep(MethodContext context) => context.DisposesAsynchronously = true;

    private static void Done(MethodContext context)
    {
        using MessageWriter writer = context.CreateReplyWriter(null);
        context.Reply(writer.CreateMessage());
    }
}
