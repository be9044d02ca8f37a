using RemoteAccess.Sessions;

namespace RemoteAccess.Transport;

/// <summary>Texts of the clipboard on their way between service and helper: no other than may travel to a technician.</summary>
internal static class ClipboardWords
{
    /// <exception cref="InvalidDataException">It is none that can be on its way.</exception>
    public static string Read(ref MessageReader words) =>
        words.Text(ClipboardText.MaxBytes) is var text && ClipboardText.CanTravel(text) ? text : throw new InvalidDataException("A text that no clipboard exchanges.");

    /// <param name="message">Of which it is the end.</param>
    /// <param name="text">It can travel.</param>
    public static MessageWriter AddClipboardText(this MessageWriter message, string text) => message.Text(text, ClipboardText.MaxBytes);
}
