namespace RemoteAccess.Trust;

/// <summary>The figure beside the clock, in whichever way the desktop has one. On the surface's thread.</summary>
internal interface ISurfaceIcon
{
    /// <summary>Whether the person has it before them; null while that is not known yet.</summary>
    bool? IsShown { get; }

    /// <summary>Brings it to what is so.</summary>
    /// <param name="kind">The figure.</param>
    /// <param name="words">What it means, for who points at it or hears it read.</param>
    /// <param name="status">What else there is to say.</param>
    void Refresh(FigureKind kind, string words, SurfaceStatus status);

    /// <summary>Takes it away; it does not come again.</summary>
    void Clear();
}
