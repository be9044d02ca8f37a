using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// Lets a screen reader read a window of ours: answers WM_GETOBJECT with what <see cref="Show"/> was told last, and says what has changed. Where the system has no UI Automation it does
/// nothing. Made, shown and disposed on the window's thread, before the window goes.
/// </summary>
internal sealed class AutomationWindow : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, AutomationElement> parts = [];
    private readonly AutomationEvents events = new();
    private ReadWindow? shown;
    private int numbers;
    private bool isAsked;

    public AutomationWindow(nint handle)
    {
        Handle = handle;
        Root = new AutomationRoot(this);
    }

    public nint Handle { get; }

    public AutomationRoot Root { get; }

    /// <summary>What the window shows; null once it is gone. Any thread.</summary>
    public ReadWindow? Shown => Volatile.Read(ref shown);

    /// <summary>Takes what the window shows now.</summary>
    public void Show(ReadWindow now)
    {
        ReadWindow? before = shown;
        Volatile.Write(ref shown, now);
        // Before anybody has asked for the window, nobody knows an element that could have changed.
        if (!isAsked || before is null || ReferenceEquals(before, now) || UiAutomation.UiaClientsAreListening() == 0) return;
        if (!before.Elements.Select(element => element.Id).SequenceEqual(now.Elements.Select(element => element.Id)))
        {
            Forget(now);
            events.Raise(new AutomationNews(Root, 0));
        }
        foreach (ReadElement live in now.Elements)
        {
            if (live.IsLive && live.Name.Length > 0 && (before.IndexOf(live.Id) is var at && (at < 0 || before.Elements[at].Name != live.Name))) events.Raise(new AutomationNews(PartOf(live), UiAutomation.LiveRegionChanged));
        }
        if (now.HasKeyboard && (now.Focus != before.Focus || !before.HasKeyboard) && now.IndexOf(now.Focus) is >= 0 and var focused)
            events.Raise(new AutomationNews(PartOf(now.Elements[focused]), UiAutomation.FocusChanged));
    }

    /// <summary>Answers WM_GETOBJECT; null when it asks for something else.</summary>
    public nint? Answer(nuint first, nint second)
    {
        if ((int)second != UiAutomation.RootObject || shown is null || !UiAutomation.IsThere) return null;
        isAsked = true;
        using ComObject root = new(Root.Pointer(typeof(IElementProvider).GUID));
        return UiAutomation.UiaReturnRawElementProvider(Handle, first, second, root.Pointer);
    }

    /// <summary>The part that stands for an element, the same one each time. Any thread.</summary>
    public AutomationElement PartOf(ReadElement element)
    {
        lock (gate)
        {
            if (!parts.TryGetValue(element.Id, out AutomationElement? part)) parts[element.Id] = part = new AutomationElement(this, element.Id, ++numbers);
            return part;
        }
    }

    /// <summary>Nobody can ask any more: what clients still hold says that it is gone.</summary>
    public void Dispose()
    {
        events.End();
        if (isAsked)
        {
            // While it can still be asked: UI Automation looks for what it holds of a part by asking the part who it is.
            foreach (AutomationPart part in Take(_ => true)) Disconnect(part);
            Disconnect(Root);
            _ = UiAutomation.UiaReturnRawElementProvider(Handle, 0, 0, 0);
        }
        isAsked = false;
        Volatile.Write(ref shown, null);
    }

    /// <summary>What is not there any more gets a number of its own when it comes again.</summary>
    private void Forget(ReadWindow now)
    {
        foreach (AutomationPart part in Take(id => now.IndexOf(id) < 0)) Disconnect(part);
    }

    private List<AutomationElement> Take(Predicate<string> isGone)
    {
        lock (gate)
        {
            List<AutomationElement> taken = [];
            foreach ((string id, AutomationElement part) in parts)
            {
                if (isGone(id)) taken.Add(part);
            }
            foreach (string id in parts.Keys.ToArray())
            {
                if (isGone(id)) parts.Remove(id);
            }
            return taken;
        }
    }

    private static void Disconnect(AutomationPart part)
    {
        using ComObject provider = new(part.Pointer(typeof(IElementProvider).GUID));
        _ = UiAutomation.UiaDisconnectProvider(provider.Pointer);
    }
}
