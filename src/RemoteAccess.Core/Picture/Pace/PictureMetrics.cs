using System.Diagnostics.Metrics;

namespace RemoteAccess.Picture;

/// <summary>The picture's figures for <see cref="Meter"/> listeners, under the meter <c>RemoteAccess.Picture</c>. Times in milliseconds.</summary>
internal static class PictureMetrics
{
    private static readonly Meter Meter = new("RemoteAccess.Picture");

    /// <summary>Agent: from reading the screen to the viewer's presenting it, by the acknowledgement less half the least round trip.</summary>
    public static readonly Histogram<double> CaptureToPresent = Meter.CreateHistogram<double>("remoteaccess.picture.capture_to_present", "ms");

    /// <summary>Viewer: from sending an input to presenting the first picture captured after the computer had carried it out.</summary>
    public static readonly Histogram<double> InputToPresent = Meter.CreateHistogram<double>("remoteaccess.picture.input_to_present", "ms");

    /// <summary>Agent: bytes of each frame.</summary>
    public static readonly Histogram<int> FrameBytes = Meter.CreateHistogram<int>("remoteaccess.picture.frame_size", "By");

    /// <summary>Agent: time from the captured frame to its last part handed over, without waiting for the link.</summary>
    public static readonly Histogram<double> Encoding = Meter.CreateHistogram<double>("remoteaccess.picture.encoding", "ms");

    /// <summary>Viewer: proofs of exactness that did not hold, each a defect or an attack; a new epoch follows.</summary>
    public static readonly Counter<int> ProofsFailed = Meter.CreateCounter<int>("remoteaccess.picture.proofs_failed");

    /// <summary>Viewer: proofs of exactness that held.</summary>
    public static readonly Counter<int> ProofsHeld = Meter.CreateCounter<int>("remoteaccess.picture.proofs_held");
}
