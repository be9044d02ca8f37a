namespace RemoteAccess.Picture;

/// <summary>The ladder of a lossy tile, worst first: the quality of the quantisation, and whether colour has half the resolution.</summary>
internal enum LossyQuality
{
    Q50_420,
    Q75_420,
    Q75_444,
    Q90_444,
}
