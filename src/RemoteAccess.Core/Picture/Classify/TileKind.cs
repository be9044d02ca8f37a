namespace RemoteAccess.Picture;

/// <summary>What the changed part of a 64×64 tile holds.</summary>
internal enum TileKind : byte
{
    /// <summary>Nothing changed that did not merely move.</summary>
    None = 0,

    /// <summary>Text, surfaces, or both with something else: lossless, by the context coder.</summary>
    Text = 1,

    /// <summary>
    /// A photo, but not yet, or not with enough certainty, to be sent with losses; or text beside one (<see cref="CoderChoice"/>), whose blocks the context coder takes.
    /// </summary>
    NaturalLossless = 2,

    /// <summary>A photo or video that may be sent with losses.</summary>
    NaturalLossy = 3,
}
