using System.Runtime.InteropServices;
using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>The clipboard as another program uses it, on a thread and with a window of its own.</summary>
internal static unsafe class ClipboardOwner
{
    private static readonly ManualResetEvent Pause = new(false);

    /// <summary>Copies a text, with formats of other names beside it.</summary>
    public static void Copy(string text, params (string Format, byte[] Data)[] beside) => With(() =>
    {
        Assert.NotEqual(0, User32Clipboard.EmptyClipboard());
        foreach ((string format, byte[] data) in beside) Put(User32Clipboard.RegisterClipboardFormatW(format), data);
        Put(User32Clipboard.UnicodeText, Encoding.Unicode.GetBytes(text + "\0"));
    });

    /// <summary>The text that is there, as it is there.</summary>
    public static string Text()
    {
        string text = "";
        With(() =>
        {
            nint memory = User32Clipboard.GetClipboardData(User32Clipboard.UnicodeText);
            if (memory == 0) return;
            char* locked = (char*)User32Clipboard.GlobalLock(memory);
            text = new string(locked);
            _ = User32Clipboard.GlobalUnlock(memory);
        });
        return text;
    }

    /// <summary>Keeps it open until it is let go.</summary>
    public static Task HoldAsync(TaskCompletionSource taken, Task until) => Task.Run(() => With(() =>
    {
        taken.SetResult();
        until.Wait(Eventually.Limit);
    }));

    private static void With(Action act)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var window = new OwnWindow("another program", default, 0, 0, (_, _, _) => null);
                int tries = 0;
                while (User32Clipboard.OpenClipboard(window.Handle) == 0) Assert.True(++tries < 1000 && !Pause.WaitOne(5), $"The clipboard stays open (error {Marshal.GetLastPInvokeError()}).");
                act();
                _ = User32Clipboard.CloseClipboard();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException("The other program failed.", failure);
    }

    private static void Put(uint format, byte[] data)
    {
        nint memory = User32Clipboard.GlobalAlloc(User32Clipboard.Movable, (nuint)data.Length);
        data.CopyTo(new Span<byte>(User32Clipboard.GlobalLock(memory), data.Length));
        _ = User32Clipboard.GlobalUnlock(memory);
        Assert.NotEqual(0, User32Clipboard.SetClipboardData(format, memory));
    }
}
