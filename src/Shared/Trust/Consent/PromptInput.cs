using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// What a person does at the prompt, and what of it is an answer. Injected input comes here as motion only, because it moves the one pointer there
/// is: Allow can be clicked only when a person moved the pointer onto it, from outside, with no injected motion since. The focus never follows the
/// pointer. Pure; times and places come from outside.
/// </summary>
internal sealed class PromptInput(PixelRect allow, PixelRect refuse)
{
    private const int LeftButton = 1;

    // A prompt may appear with the pointer where Allow is: so it counts as inside, and not brought there by a person.
    private bool isOnAllow = true;
    private bool isTrusted;
    private ConsentDecision? pressed;

    /// <summary>Which answer Enter gives.</summary>
    public ConsentDecision Focus { get; private set; } = ConsentDecision.Refuse;

    /// <summary>Whether answers count yet; one that a person was giving to something else does not.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The prompt has stood in full view long enough, or no longer does.</summary>
    public void SetActive(bool isActive)
    {
        if (!isActive) pressed = null;
        IsActive = isActive;
    }

    /// <summary>A key of a person's keyboard.</summary>
    /// <returns>The answer; null for none.</returns>
    public ConsentDecision? PressKey(PromptKey key, bool isRepeat)
    {
        switch (key)
        {
            case PromptKey.Refuse: return ConsentDecision.Refuse;
            case PromptKey.Next: Focus = Focus == ConsentDecision.Refuse ? ConsentDecision.Allow : ConsentDecision.Refuse; break;
            case PromptKey.Left: Focus = ConsentDecision.Refuse; break;
            case PromptKey.Right: Focus = ConsentDecision.Allow; break;
            case PromptKey.Press when IsActive && !isRepeat: return Focus;
        }
        return null;
    }

    /// <summary>The pointer has moved.</summary>
    /// <param name="x">Pixels from the left of the window.</param>
    /// <param name="y">Pixels from its top.</param>
    /// <param name="isPhysical">By a person's device.</param>
    public void Move(int x, int y, bool isPhysical)
    {
        bool wasOnAllow = isOnAllow;
        isOnAllow = allow.Holds(x, y);
        isTrusted = isOnAllow && isPhysical && (!wasOnAllow || isTrusted);
        if (!isTrusted && pressed == ConsentDecision.Allow) pressed = null;
    }

    /// <summary>The pointer has left the window.</summary>
    public void Leave()
    {
        isOnAllow = isTrusted = false;
        if (pressed == ConsentDecision.Allow) pressed = null;
    }

    /// <summary>A button of a person's device went down; or a finger, whose place nobody else moves.</summary>
    public void PressButton(int button, int x, int y, bool isTouch) => pressed = button == LeftButton ? At(x, y, isTouch) : null;

    /// <summary>A button of a person's device went up.</summary>
    /// <returns>The answer; null for none.</returns>
    public ConsentDecision? ReleaseButton(int button, int x, int y, bool isTouch)
    {
        if (button != LeftButton) return null;
        ConsentDecision? answer = pressed is { } began && At(x, y, isTouch) == began ? began : null;
        pressed = null;
        return answer;
    }

    private ConsentDecision? At(int x, int y, bool isTouch)
    {
        if (!IsActive) return null;
        if (refuse.Holds(x, y)) return ConsentDecision.Refuse;
        return allow.Holds(x, y) && (isTouch || isTrusted) ? ConsentDecision.Allow : null;
    }
}
