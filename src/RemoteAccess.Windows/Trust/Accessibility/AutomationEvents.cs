using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>That something happened to a part: the number of the event, or 0 for other children.</summary>
internal readonly record struct AutomationNews(AutomationPart Part, int Event);

/// <summary>
/// Tells screen readers what has changed, one after another on a thread of the pool. Not on the window's: telling calls into other programs, and one of them that hangs must hold up
/// neither the prompt nor the reports of the surface. For the same reason nobody waits for the last one: what it holds is a part that says that it is gone.
/// </summary>
internal sealed class AutomationEvents
{
    /// <summary>More than this are not kept for readers that do not listen.</summary>
    private const int Most = 32;

    private readonly Lock gate = new();
    private readonly Queue<AutomationNews> waiting = new();
    private bool isTelling, isOver;

    public void Raise(AutomationNews news)
    {
        lock (gate)
        {
            if (isOver) return;
            if (waiting.Count >= Most) waiting.Dequeue();
            waiting.Enqueue(news);
            if (isTelling) return;
            isTelling = true;
        }
        _ = ThreadPool.UnsafeQueueUserWorkItem(static events => events.Tell(), this, preferLocal: false);
    }

    /// <summary>Says no more.</summary>
    public void End()
    {
        lock (gate)
        {
            isOver = true;
            waiting.Clear();
        }
    }

    private unsafe void Tell()
    {
        while (true)
        {
            AutomationNews news;
            lock (gate)
            {
                if (!waiting.TryDequeue(out news))
                {
                    isTelling = false;
                    return;
                }
            }
            using ComObject provider = new(news.Part.Pointer(typeof(IElementProvider).GUID));
            if (news.Event != 0) _ = UiAutomation.UiaRaiseAutomationEvent(provider.Pointer, news.Event);
            else _ = UiAutomation.UiaRaiseStructureChangedEvent(provider.Pointer, UiAutomation.ChildrenInvalidated, null, 0);
        }
    }
}
