namespace RemoteAccess.Trust;

/// <summary>One page of the window. On the surface's thread.</summary>
internal interface ISurfacePage
{
    /// <summary>The key of its name: <c>page.NAME</c>.</summary>
    string Name { get; }

    /// <summary>The person has come to it.</summary>
    void Open();

    /// <summary>Lays it out.</summary>
    void Build(SheetBuilder sheet);

    /// <summary>Escape.</summary>
    /// <returns>Whether it meant something here; otherwise the window closes.</returns>
    bool Back();
}
