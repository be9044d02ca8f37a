using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// Knows which message has just come out of the thread's queue. What is sent to a window beside the queue, or dispatched by a loop of the system's
/// own, is not that. On the thread of the windows.
/// </summary>
/// <param name="translates">Whether keys with Alt become messages of characters too: a menu of the system's needs that. Others never do: an accent that a program pressed would wait for a person's letter.</param>
internal sealed unsafe class MessageGate(bool translates)
{
    private ThreadMessage current;
    private bool isOpen;

    /// <summary>Gives a message that was read from the queue to its window.</summary>
    public void Dispatch(ThreadMessage* message)
    {
        (current, isOpen) = (*message, true);
        if (translates && message->Message != User32Message.KeyDown) _ = User32Message.TranslateMessage(message);
        _ = User32Message.DispatchMessage(message);
        isOpen = false;
    }

    /// <summary>Whether a window got what came out of the queue for it; once for each.</summary>
    public bool Takes(nint window, uint message, nuint first, nint second, out ThreadMessage taken)
    {
        taken = current;
        bool takes = isOpen && current.Window == window && current.Message == message && current.First == first && current.Second == second;
        if (takes) isOpen = false;
        return takes;
    }
}
