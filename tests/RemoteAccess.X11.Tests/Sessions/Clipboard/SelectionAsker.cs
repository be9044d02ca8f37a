using System.Diagnostics;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>A program that asks for the clipboard in ways that real programs rarely do.</summary>
internal sealed unsafe class SelectionAsker : IDisposable
{
    private readonly XConnection connection;
    private readonly nuint window, clipboard;
    private bool isDisposed;

    public SelectionAsker(XServer server)
    {
        connection = XConnection.Open(server.Display);
        window = LibX11Selection.CreateWindow(connection, 0);
        clipboard = Atom("CLIPBOARD");
    }

    /// <summary>Whether it was given; the property is left where it is.</summary>
    public bool Ask(string target, nuint time, string property = "ASKED")
    {
        _ = LibX11Selection.XConvertSelection(connection.Display, clipboard, Atom(target), Atom(property), window, time);
        return Answer() != 0;
    }

    /// <summary>MULTIPLE: each kind into a property of its own, and whether it was given.</summary>
    public (string Kind, bool IsGiven)[] AskMany(params string[] kinds)
    {
        nuint[] pairs = [.. kinds.SelectMany((kind, i) => (nuint[])[Atom(kind), Atom($"MANY_{i}")])];
        fixed (nuint* data = pairs) _ = LibX11.XChangeProperty(connection.Display, window, Atom("LIST"), Atom("ATOM_PAIR"), 32, LibX11.PropertyReplace, (byte*)data, pairs.Length);
        Assert.True(Ask("MULTIPLE", 0, "LIST"));
        _ = LibX11.XGetWindowProperty(connection.Display, window, Atom("LIST"), 0, 100, 0, 0, out _, out _, out nuint count, out _, out byte* list);
        nuint[] answered = new ReadOnlySpan<nuint>(list, (int)count).ToArray();
        _ = LibX11.XFree(list);
        return [.. kinds.Select((kind, i) => (kind, answered[(2 * i) + 1] != 0))];
    }

    public string Read(int many)
    {
        _ = LibX11.XGetWindowProperty(connection.Display, window, Atom($"MANY_{many}"), 0, 1000, 0, 0, out _, out _, out nuint count, out _, out byte* data);
        string text = Encoding.UTF8.GetString(data, (int)count);
        _ = LibX11.XFree(data);
        return text;
    }

    /// <summary>What comes piece by piece, each taken away when it was read; after <see cref="Ask"/>.</summary>
    public List<byte[]> TakePieces(string property = "ASKED")
    {
        _ = LibX11.XSelectInput(connection.Display, window, LibX11Selection.PropertyChangeMask);
        _ = LibX11Selection.XDeleteProperty(connection.Display, window, Atom(property));
        List<byte[]> pieces = [];
        long start = Stopwatch.GetTimestamp();
        while (pieces is not [.., { Length: 0 }])
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Eventually.Limit, "No piece.");
            XEvent change;
            _ = connection.Sync();
            if (LibX11Selection.XCheckTypedWindowEvent(connection.Display, window, LibX11Selection.PropertyNotify, &change) == 0 || change.PropertyName != Atom(property) || change.PropertyState == LibX11Selection.PropertyDeleted) continue;
            _ = LibX11.XGetWindowProperty(connection.Display, window, Atom(property), 0, 1_000_000, 1, 0, out _, out _, out nuint count, out _, out byte* data);
            pieces.Add(new ReadOnlySpan<byte>(data, (int)count).ToArray());
            _ = LibX11.XFree(data);
        }
        return pieces;
    }

    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        connection.Dispose();
    }

    private nuint Answer()
    {
        long start = Stopwatch.GetTimestamp();
        XEvent answer;
        while (LibX11Selection.XCheckTypedWindowEvent(connection.Display, window, LibX11Selection.SelectionNotify, &answer) == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Eventually.Limit, "No answer.");
            _ = connection.Sync();
        }
        return answer.AnswerProperty;
    }

    private nuint Atom(string name) => LibX11.XInternAtom(connection.Display, name, 0);
}
