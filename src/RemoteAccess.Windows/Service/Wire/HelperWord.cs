namespace RemoteAccess.Transport;

/// <summary>What a message between service and session helper is. The first half goes to the helper, the second comes from it.</summary>
internal enum HelperWord : byte
{
    /// <summary>A capture begins under a new number.</summary>
    OpenCapture = 1,
    /// <summary>Shared memory for the picture: width, height, handle in the helper's process.</summary>
    Section = 2,
    /// <summary>The next frame, or text that a person copies, is wanted.</summary>
    Next = 3,
    /// <summary>Input begins under a new number.</summary>
    OpenInput = 4,
    /// <summary>One act of keyboard or mouse.</summary>
    Input = 5,
    /// <summary>What was opened under the number is over: the capture ends, held keys go up, the prompt goes.</summary>
    Close = 6,
    /// <summary>A prompt is to be shown under a new number.</summary>
    Ask = 7,
    /// <summary>The clipboard is watched from now on, under a new number.</summary>
    OpenClipboard = 8,
    /// <summary>A text for the clipboard.</summary>
    PutText = 9,
    /// <summary>The strip of the lock screen is wanted from now on, under a new number: its language.</summary>
    OpenStrip = 10,
    /// <summary>What the strip says, or nothing while nobody is connected; asks whether a person sees it.</summary>
    Strip = 11,
    /// <summary>The window for a password is to be shown under a new number.</summary>
    AskPassword = 12,
    /// <summary>What came of the password that was typed.</summary>
    Checked = 13,
    /// <summary>Answered by the helper's reading loop with the same number: a helper that hangs does not.</summary>
    Ping = 14,

    /// <summary>The first message: the version.</summary>
    Hello = 129,
    /// <summary>The picture has another size, so new shared memory is needed before it can be handed over.</summary>
    NeedSection = 130,
    /// <summary>A frame lies in the shared memory.</summary>
    Frame = 131,
    /// <summary>The act was done, the input or the clipboard is ready.</summary>
    Done = 132,
    /// <summary>It could not be done: the error and words for people.</summary>
    Failed = 133,
    /// <summary>Time since a person's last input; comes twice a second and shows that the helper lives.</summary>
    Idle = 134,
    /// <summary>What came of the prompt.</summary>
    Answer = 135,
    /// <summary>The text that was wanted, or why there will be none.</summary>
    Copied = 136,
    /// <summary>Whether a person sees what the strip was asked to say.</summary>
    Seen = 137,
    /// <summary>A person's device pressed the strip's button.</summary>
    Stop = 138,
    /// <summary>A password that the person typed. Wiped on both sides once it is read.</summary>
    Password = 139,
    /// <summary>The window for a password is gone.</summary>
    Enrolled = 140,
    /// <summary>The answer to a ping.</summary>
    Pong = 141,
    /// <summary>The act that is under way is Ctrl+Alt+Delete, which a service alone may make.</summary>
    Attention = 142,
    /// <summary>A capture has looked at the screen since this was said last, whether anything had changed or not: one that hangs does not.</summary>
    Looked = 143,
}
