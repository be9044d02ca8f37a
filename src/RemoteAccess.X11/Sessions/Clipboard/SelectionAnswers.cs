using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// What programs that ask for the clipboard get (ICCCM 2.2 and 2.6.2): the kinds there are, since when, and the text as UTF-8, or as Latin-1 when it is that. Anything else is refused.
/// </summary>
internal sealed unsafe class SelectionAnswers(XConnection connection, ClipboardAtoms atoms, PieceTransfers transfers)
{
    private const int MaxPairs = 32;
    private byte[]? utf8, latin1;
    private nuint since;

    public void Offer(byte[] text, nuint time)
    {
        (utf8, since) = (text, time);
        string characters = Encoding.UTF8.GetString(text);
        latin1 = characters.All(character => character <= '\u00ff') ? Encoding.Latin1.GetBytes(characters) : null;
    }

    public void Forget() => utf8 = latin1 = null;

    /// <summary>Each request gets an answer, or whoever asked would wait.</summary>
    public void Answer(XEvent* request)
    {
        nuint requestor = request->Requestor, target = request->RequestTarget;
        // Clients older than the convention name no property.
        nuint property = request->RequestProperty != 0 ? request->RequestProperty : target;
        bool isGiven = utf8 is not null && (request->RequestTime == 0 || request->RequestTime >= since)
            && (target == atoms.Multiple ? request->RequestProperty != 0 && GiveMany(requestor, property) : Give(requestor, target, property));
        XEvent answer = default;
        answer.Type = LibX11Selection.SelectionNotify;
        answer.Window = requestor;
        answer.AnswerSelection = request->RequestSelection;
        answer.AnswerTarget = target;
        answer.AnswerProperty = isGiven ? property : 0;
        answer.AnswerTime = request->RequestTime;
        _ = LibX11Window.XSendEvent(connection.Display, requestor, 0, 0, &answer);
        _ = LibX11.XFlush(connection.Display);
    }

    private bool Give(nuint requestor, nuint target, nuint property)
    {
        if (target == atoms.Targets)
        {
            nuint[] kinds = [atoms.Targets, atoms.Timestamp, atoms.Multiple, atoms.Utf8, atoms.PlainUtf8, atoms.Text, .. latin1 is null ? Array.Empty<nuint>() : [LibX11Window.AtomString]];
            Write(requestor, property, LibX11Window.AtomAtom, kinds);
            return true;
        }
        if (target == atoms.Timestamp)
        {
            Write(requestor, property, LibX11Selection.AtomInteger, [since]);
            return true;
        }
        if (target == atoms.Utf8 || target == atoms.PlainUtf8) return transfers.Give(requestor, property, target, utf8!);
        if (target == atoms.Text) return transfers.Give(requestor, property, atoms.Utf8, utf8!);
        return target == LibX11Window.AtomString && latin1 is not null && transfers.Give(requestor, property, target, latin1);
    }

    /// <summary>A list of targets and where each goes; what cannot be given has its place struck out.</summary>
    private bool GiveMany(nuint requestor, nuint property)
    {
        int failed = LibX11.XGetWindowProperty(connection.Display, requestor, property, 0, 2 * MaxPairs, 0, atoms.AtomPair, out nuint type, out int format, out nuint count, out nuint left, out byte* data);
        if (failed != 0 || data == null) return false;
        bool isList = type == atoms.AtomPair && format == 32 && left == 0 && count % 2 == 0;
        nuint[] pairs = isList ? new ReadOnlySpan<nuint>(data, (int)count).ToArray() : [];
        _ = LibX11.XFree(data);
        if (!isList) return false;
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] == atoms.Multiple || pairs[i + 1] == 0 || !Give(requestor, pairs[i], pairs[i + 1])) pairs[i + 1] = 0;
        }
        Write(requestor, property, atoms.AtomPair, pairs);
        return true;
    }

    private void Write(nuint requestor, nuint property, nuint type, nuint[] values)
    {
        fixed (nuint* data = values) _ = LibX11.XChangeProperty(connection.Display, requestor, property, type, 32, LibX11.PropertyReplace, (byte*)data, values.Length);
    }
}
