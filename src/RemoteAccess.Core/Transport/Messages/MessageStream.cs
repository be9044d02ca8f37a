namespace RemoteAccess.Transport;

/// <summary>The streams of a channel; the value is the first byte of a record's content (docs/messages.md). A closed set.</summary>
internal enum MessageStream : byte
{
    /// <summary><see cref="Wire.ControlMessage"/>, both directions.</summary>
    Control = 0,
    /// <summary><see cref="Wire.InputMessage"/>, technician to host.</summary>
    Input = 1,
    /// <summary><see cref="Wire.ChatMessage"/>, both directions.</summary>
    Chat = 2,
    /// <summary>Clipboard contents, both directions.</summary>
    Clipboard = 3,
    /// <summary><see cref="Wire.CursorMessage"/>, host to technician.</summary>
    Cursor = 4,
    /// <summary>The codec's own bytes, host to technician.</summary>
    Picture = 5,
    /// <summary>File contents in chunks, both directions.</summary>
    Files = 6,
    /// <summary>The session's recording in chunks, host to technician.</summary>
    Recording = 7,
}
