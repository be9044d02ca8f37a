namespace RemoteAccess.Transport;

/// <summary>The life of a sending half.</summary>
internal enum SenderState
{
    /// <summary>Takes and sends messages.</summary>
    Open,
    /// <summary>The peer said its close: sends on the streams without credit only.</summary>
    PeerClosed,
    /// <summary>Takes no more; sends what is queued on the streams without credit.</summary>
    Closing,
    /// <summary>All is sent and the close was said.</summary>
    Closed,
    /// <summary>Over for another reason, which every send is told.</summary>
    Failed,
}
