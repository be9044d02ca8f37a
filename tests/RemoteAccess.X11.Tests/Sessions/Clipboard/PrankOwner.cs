using System.Diagnostics;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>How a program treats those who ask for its clipboard.</summary>
internal enum OwnerManners
{
    Good, Secret, HintUnreadable, Public, OldWithoutTargets, Latin1Only, Silent, SilentText, RefusesAll, TargetsAreText, BadUtf8, HoldsNul, WrongType, TooLong, TooLongInPieces, PiecesNeverCome, PiecesStop, PiecesWithoutEnd, InPieces,
}

/// <summary>A program on the display that owns the clipboard, with good manners or without, on a connection and thread of its own.</summary>
internal sealed class PrankOwner : DisplayThread
{
    private static readonly byte[] Full = new byte[60_000];
    private readonly OwnerManners manners;
    private readonly byte[] text;
    private ClipboardAtoms? atoms;
    private nuint window;
    private (nuint Requestor, nuint Property, nuint Type, int Offset)? pieces;
    private int asked, piecesGiven;

    public PrankOwner(XServer server, OwnerManners manners, string text) : base(server.Display, "test owner")
    {
        this.manners = manners;
        this.text = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>How often its text was asked for.</summary>
    public int Asked => Volatile.Read(ref asked);

    public int PiecesGiven => Volatile.Read(ref piecesGiven);

    public static async Task<PrankOwner> CopyAsync(XServer server, OwnerManners manners, string text = "harmless")
    {
        Array.Fill(Full, (byte)'p');
        PrankOwner owner = new(server, manners, text);
        await owner.StartAsync(default);
        return owner;
    }

    protected override void Prepare()
    {
        atoms = new ClipboardAtoms(Connection);
        window = LibX11Selection.CreateWindow(Connection, 0);
        _ = LibX11Selection.XSetSelectionOwner(Connection.Display, atoms.Clipboard, window, 0);
        Assert.Equal(0, Connection.Sync());
    }

    protected override unsafe void Work()
    {
        while (!IsStopping)
        {
            XEvent xevent;
            while (LibX11.XPending(Connection.Display) > 0)
            {
                _ = LibX11.XNextEvent(Connection.Display, &xevent);
                if (xevent.Type == LibX11Selection.SelectionRequest) Answer(&xevent);
                else if (xevent.Type == LibX11Selection.PropertyNotify && xevent.PropertyState == LibX11Selection.PropertyDeleted) GoOn(xevent.Window, xevent.PropertyName);
            }
            WaitForActivity(-1);
        }
    }

    protected override void Fail(Exception error)
    {
    }

    protected override void CleanUp()
    {
    }

    private unsafe void Answer(XEvent* request)
    {
        nuint target = request->RequestTarget, property = request->RequestProperty, requestor = request->Requestor;
        if (target != atoms!.Targets && target != atoms.PasswordHint) Interlocked.Increment(ref asked);
        if (manners == OwnerManners.Silent || (manners == OwnerManners.SilentText && target != atoms.Targets)) return;
        bool isGiven = manners != OwnerManners.RefusesAll && (target == atoms.Targets ? GiveTargets(requestor, property) : target == atoms.PasswordHint ? GiveHint(requestor, property) : GiveText(requestor, target, property));
        XEvent answer = default;
        answer.Type = LibX11Selection.SelectionNotify;
        answer.Window = requestor;
        answer.AnswerSelection = request->RequestSelection;
        answer.AnswerTarget = target;
        answer.AnswerProperty = isGiven ? property : 0;
        answer.AnswerTime = request->RequestTime;
        _ = LibX11Window.XSendEvent(Connection.Display, requestor, 0, 0, &answer);
        _ = LibX11.XFlush(Connection.Display);
    }

    private unsafe bool GiveTargets(nuint requestor, nuint property)
    {
        switch (manners)
        {
            case OwnerManners.OldWithoutTargets:
                return false;
            case OwnerManners.TargetsAreText:
                Write(requestor, property, atoms!.Utf8, "UTF8_STRING"u8);
                return true;
        }
        bool hasHint = manners is OwnerManners.Secret or OwnerManners.HintUnreadable or OwnerManners.Public;
        nuint[] kinds = [atoms!.Targets, manners == OwnerManners.Latin1Only ? LibX11Window.AtomString : atoms.Utf8, .. hasHint ? [atoms.PasswordHint] : Array.Empty<nuint>()];
        fixed (nuint* data = kinds) _ = LibX11.XChangeProperty(Connection.Display, requestor, property, LibX11Window.AtomAtom, 32, LibX11.PropertyReplace, (byte*)data, kinds.Length);
        return true;
    }

    private bool GiveHint(nuint requestor, nuint property)
    {
        if (manners == OwnerManners.HintUnreadable) return false;
        Write(requestor, property, LibX11Window.AtomString, manners == OwnerManners.Public ? "public"u8 : "secret"u8);
        return true;
    }

    private unsafe bool GiveText(nuint requestor, nuint target, nuint property)
    {
        switch (manners)
        {
            case OwnerManners.OldWithoutTargets when target != LibX11Window.AtomString:
                return false;
            case OwnerManners.Latin1Only or OwnerManners.OldWithoutTargets:
                Write(requestor, property, LibX11Window.AtomString, Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(text)));
                return true;
            case OwnerManners.BadUtf8:
                Write(requestor, property, target, [0x41, 0xC3, 0x28]);
                return true;
            case OwnerManners.HoldsNul:
                Write(requestor, property, target, "a\0b"u8);
                return true;
            case OwnerManners.WrongType:
                Write(requestor, property, atoms!.Incr, text);
                return true;
            case OwnerManners.TooLong:
                Write(requestor, property, target, new byte[(2 * ClipboardText.MaxBytes) + 8]);
                return true;
            case OwnerManners.TooLongInPieces or OwnerManners.PiecesNeverCome or OwnerManners.PiecesStop or OwnerManners.PiecesWithoutEnd or OwnerManners.InPieces:
                pieces = (requestor, property, target, 0);
                _ = LibX11.XSelectInput(Connection.Display, requestor, LibX11Selection.PropertyChangeMask);
                nuint size = 1;
                _ = LibX11.XChangeProperty(Connection.Display, requestor, property, atoms!.Incr, 32, LibX11.PropertyReplace, (byte*)&size, 1);
                return true;
            default:
                Write(requestor, property, target, text);
                return true;
        }
    }

    private void GoOn(nuint requestor, nuint property)
    {
        if (pieces is not { } now || now.Requestor != requestor || now.Property != property || manners == OwnerManners.PiecesNeverCome) return;
        if (manners == OwnerManners.PiecesStop && now.Offset > 0) return;
        ReadOnlySpan<byte> piece = manners switch
        {
            OwnerManners.InPieces or OwnerManners.PiecesStop => text.AsSpan(now.Offset, Math.Min(7, text.Length - now.Offset)),
            OwnerManners.TooLongInPieces => now.Offset > 3 * ClipboardText.MaxBytes ? default : Full,
            _ => Full,
        };
        Interlocked.Increment(ref piecesGiven);
        Write(requestor, property, now.Type, piece);
        pieces = piece.Length == 0 ? null : now with { Offset = now.Offset + piece.Length };
        _ = LibX11.XFlush(Connection.Display);
    }

    private unsafe void Write(nuint requestor, nuint property, nuint type, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* data = bytes) _ = LibX11.XChangeProperty(Connection.Display, requestor, property, type, 8, LibX11.PropertyReplace, data, bytes.Length);
    }
}
