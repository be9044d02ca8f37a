namespace RemoteAccess.Picture;

/// <summary>What photographs and video may lose while they change. Whatever stands still becomes exact.</summary>
public enum PictureQuality
{
    /// <summary>Little data: lower colour resolution while something changes.</summary>
    Balanced = 0,

    /// <summary>Hardly visible losses while something changes, about twice the data of <see cref="Balanced"/> for photographs.</summary>
    High = 1,

    /// <summary>Nothing is lost, ever. Video takes many times the data.</summary>
    Lossless = 2,
}
