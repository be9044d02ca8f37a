using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Reads the text of whoever owns a selection, on the connection's own thread: which kinds there are, then whether it is to be passed on, then the text, in pieces when the owner wants it
/// so (INCR). The owner is another program and may be anything: it has <see cref="Step"/> for each answer and <see cref="Whole"/> for all, and no more than twice the longest text is
/// ever held.
/// </summary>
/// <param name="connection">Of the thread that reads.</param>
/// <param name="window">Where the answers go; its property changes are selected.</param>
/// <param name="atoms">Of the same connection.</param>
/// <param name="selection">Which one.</param>
/// <param name="pump">Waits up to so many milliseconds and hands what comes to <see cref="Handle"/>; false when the reading is to be given up.</param>
internal sealed unsafe class SelectionReader(XConnection connection, nuint window, ClipboardAtoms atoms, nuint selection, Func<int, bool> pump)
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(2), Whole = TimeSpan.FromSeconds(10);

    /// <summary>Line ends may be two bytes there, which are one here.</summary>
    private const int MaxBytes = 2 * ClipboardText.MaxBytes;
    private const int MaxKinds = 1024, MaxHintBytes = 64;

    /// <summary>Pieces of an owner that was given up, taken out of its way so that it comes to an end; not for ever.</summary>
    private const int MaxDrained = 4096;

    private nuint wantedTarget, wantedProperty, wantedTime, answeredProperty;
    private bool isAnswered, hasPiece;
    private int drained;
    private long began;

    private enum Answer
    {
        Value,
        Refused,
        Silent,
        Abandoned,
    }

    public void Handle(XEvent* xevent)
    {
        if (xevent->Window != window) return;
        switch (xevent->Type)
        {
            case LibX11Selection.SelectionNotify when xevent->AnswerSelection == selection && xevent->AnswerTarget == wantedTarget && xevent->AnswerTime == wantedTime
                && (xevent->AnswerProperty == 0 || xevent->AnswerProperty == wantedProperty):
                (isAnswered, answeredProperty) = (true, xevent->AnswerProperty);
                break;
            case LibX11Selection.PropertyNotify when xevent->PropertyState != LibX11Selection.PropertyDeleted:
                if (xevent->PropertyName == wantedProperty) hasPiece = true;
                else if (drained++ < MaxDrained) _ = LibX11Selection.XDeleteProperty(connection.Display, window, xevent->PropertyName);
                break;
        }
    }

    /// <summary>One reading.</summary>
    /// <param name="since">When the owner became it.</param>
    /// <param name="text">Null when there is none, or one that is not to travel.</param>
    /// <returns>False when it was given up on request, and may be tried again.</returns>
    public bool TryRead(nuint since, out string? text)
    {
        (text, began, drained) = (null, Stopwatch.GetTimestamp(), 0);
        try
        {
            Answer answer = ReadKinds(since, out IReadOnlyList<nuint> kinds);
            if (answer != Answer.Value) return answer != Answer.Abandoned;
            if (kinds.Contains(atoms.PasswordHint) && (answer = ReadHint(since, out bool isSecret)) is var _ && (answer != Answer.Value || isSecret)) return answer != Answer.Abandoned;
            foreach (nuint kind in (nuint[])[atoms.Utf8, atoms.PlainUtf8, LibX11Window.AtomString])
            {
                if (!kinds.Contains(kind)) continue;
                answer = ReadBytes(kind, since, MaxBytes, out nuint type, out byte[] bytes);
                if (answer == Answer.Refused) continue;
                if (answer == Answer.Value) text = Decode(type, bytes);
                return answer != Answer.Abandoned;
            }
            return true;
        }
        finally
        {
            // What comes from now on is drained.
            (wantedTarget, wantedProperty) = (0, 0);
        }
    }

    private Answer ReadKinds(nuint since, out IReadOnlyList<nuint> kinds)
    {
        kinds = [];
        Answer answer = Ask(atoms.Targets, since);
        if (answer == Answer.Refused)
        {
            // Programs older than the convention have no more than a text.
            kinds = [atoms.Utf8, LibX11Window.AtomString];
            return Answer.Value;
        }
        if (answer != Answer.Value) return answer;
        byte* data = Take(MaxKinds * sizeof(uint), out nuint type, out int format, out int count);
        try
        {
            if (data == null || format != 32 || (type != LibX11Window.AtomAtom && type != atoms.Targets)) return Answer.Silent;
            kinds = new ReadOnlySpan<nuint>(data, count).ToArray();
            return Answer.Value;
        }
        finally
        {
            if (data != null) _ = LibX11.XFree(data);
        }
    }

    /// <summary>Anything but "public" says no; so does what cannot be read.</summary>
    private Answer ReadHint(nuint since, out bool isSecret)
    {
        Answer answer = ReadBytes(atoms.PasswordHint, since, MaxHintBytes, out _, out byte[] bytes);
        isSecret = answer != Answer.Value || !bytes.AsSpan().TrimEnd((byte)0).SequenceEqual("public"u8);
        return answer;
    }

    private Answer ReadBytes(nuint target, nuint since, int limit, out nuint type, out byte[] bytes)
    {
        (type, bytes) = (0, []);
        Answer answer = Ask(target, since);
        if (answer != Answer.Value) return answer;
        hasPiece = false;
        byte[]? whole = TakeBytes(limit, out type);
        if (whole is null && type == atoms.Incr) return Collect(limit, out type, out bytes);
        bytes = whole ?? [];
        return whole is null ? Answer.Silent : Answer.Value;
    }

    /// <summary>Piece after piece, each asked for by taking the last one away; an empty one is the end.</summary>
    private Answer Collect(int limit, out nuint type, out byte[] bytes)
    {
        using MemoryStream all = new();
        (type, bytes) = (0, []);
        while (true)
        {
            Answer answer = Wait(() => hasPiece);
            if (answer != Answer.Value) return answer;
            hasPiece = false;
            byte[]? piece = TakeBytes(limit, out nuint kind);
            if (piece is null || all.Length + piece.Length > limit) return Answer.Silent;
            if (piece.Length == 0)
            {
                bytes = all.ToArray();
                return Answer.Value;
            }
            type = kind;
            all.Write(piece);
        }
    }

    private Answer Ask(nuint target, nuint since)
    {
        (wantedTarget, wantedProperty, wantedTime, isAnswered) = (target, atoms.NextProperty(), since, false);
        _ = LibX11Selection.XDeleteProperty(connection.Display, window, wantedProperty);
        _ = LibX11Selection.XConvertSelection(connection.Display, selection, target, wantedProperty, window, since);
        Answer answer = Wait(() => isAnswered);
        return answer == Answer.Value && answeredProperty == 0 ? Answer.Refused : answer;
    }

    private Answer Wait(Func<bool> happened)
    {
        long start = Stopwatch.GetTimestamp();
        _ = LibX11.XFlush(connection.Display);
        while (!happened())
        {
            TimeSpan step = Step - Stopwatch.GetElapsedTime(start), whole = Whole - Stopwatch.GetElapsedTime(began), left = step < whole ? step : whole;
            if (left <= TimeSpan.Zero) return Answer.Silent;
            if (!pump((int)left.TotalMilliseconds + 1)) return Answer.Abandoned;
        }
        return Answer.Value;
    }

    /// <summary>The bytes of the property, which is deleted; null when it is none, or longer.</summary>
    private byte[]? TakeBytes(int limit, out nuint type)
    {
        byte* data = Take(limit, out type, out int format, out int count);
        if (data == null) return null;
        byte[]? bytes = format == 8 && count <= limit ? new ReadOnlySpan<byte>(data, count).ToArray() : null;
        // The piece that ends it has no type of its own in some programs.
        if (count == 0 && format is 0 or 8) bytes = [];
        _ = LibX11.XFree(data);
        return type == atoms.Incr ? null : bytes;
    }

    private byte* Take(int limit, out nuint type, out int format, out int count)
    {
        int failed = LibX11.XGetWindowProperty(connection.Display, window, wantedProperty, 0, (limit / sizeof(uint)) + 1, 0, 0, out type, out format, out nuint items, out nuint left, out byte* data);
        connection.ThrowIfLost();
        count = (int)items;
        _ = LibX11Selection.XDeleteProperty(connection.Display, window, wantedProperty);
        _ = LibX11.XFlush(connection.Display);
        if (failed == 0 && left == 0) return data;
        if (failed == 0 && data != null) _ = LibX11.XFree(data);
        return null;
    }

    private string? Decode(nuint type, byte[] bytes)
    {
        ReadOnlySpan<byte> content = bytes.AsSpan().TrimEnd((byte)0);
        string? text = type == LibX11Window.AtomString ? Encoding.Latin1.GetString(content)
            : (type == atoms.Utf8 || type == atoms.PlainUtf8) && Utf8.IsValid(content) ? Encoding.UTF8.GetString(content)
            : null;
        text = text?.Replace("\r\n", "\n", StringComparison.Ordinal);
        return ClipboardText.CanTravel(text) ? text : null;
    }
}
