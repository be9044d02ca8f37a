using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// A part of the screen as a person sees it, looked at by the test and kept for people: in the folder "pictures" beside the tests, or where REMOTEACCESS_PICTURES says. With
/// REMOTEACCESS_ACCEPT_PICTURES=docs, a picture of that name in there is replaced.
/// </summary>
internal sealed record TakenPicture(PixelSize Size, uint[] Pixels)
{
    /// <summary>Waits until the same came twice: what was drawn last is then on the display.</summary>
    public static async Task<TakenPicture> TakeAsync(XServer server, PixelRect area)
    {
        XwdPicture screen = await server.DumpAsync();
        for (bool isStill = false; !isStill;)
        {
            XwdPicture next = await server.DumpAsync();
            isStill = next.Pixels.AsSpan().SequenceEqual(screen.Pixels);
            screen = next;
        }
        return Of(screen, area);
    }

    public static TakenPicture Of(XwdPicture screen, PixelRect area)
    {
        area = area.Intersect(new PixelRect(0, 0, screen.Size.Width, screen.Size.Height));
        uint[] pixels = new uint[area.Width * area.Height];
        for (int y = 0; y < area.Height; y++) screen.Pixels.AsSpan(((area.Y + y) * screen.Size.Width) + area.X, area.Width).CopyTo(pixels.AsSpan(y * area.Width));
        return new TakenPicture(new PixelSize(area.Width, area.Height), pixels);
    }

    public void Keep(string name)
    {
        Write(Directory.CreateDirectory(Environment.GetEnvironmentVariable("REMOTEACCESS_PICTURES") ?? Path.Combine(AppContext.BaseDirectory, "pictures")).FullName, name);
        if (Environment.GetEnvironmentVariable("REMOTEACCESS_ACCEPT_PICTURES") is { Length: > 0 } accepted && File.Exists(Path.Combine(accepted, $"{name}.png"))) Write(accepted, name);
    }

    public uint MostCommon => Pixels.CountBy(static pixel => pixel & 0xffffff).MaxBy(static colour => colour.Value).Key;

    public int Count(uint colour) => Pixels.Count(pixel => (pixel & 0xffffff) == colour);

    /// <summary>How many colours a part has: 1 is an empty one. Null when it is not wholly in the picture.</summary>
    public int? Colours(PixelRect part)
    {
        if (part.IsEmpty || part.X < 0 || part.Y < 0 || part.Right > Size.Width || part.Bottom > Size.Height) return null;
        var colours = new HashSet<uint>();
        for (int y = part.Y; y < part.Bottom; y++) colours.UnionWith(Pixels.AsSpan((y * Size.Width) + part.X, part.Width).ToArray());
        return colours.Count;
    }

    private void Write(string folder, string name)
    {
        using FileStream file = File.Create(Path.Combine(folder, $"{name}.png"));
        PngWriter.Write(file, Size, Size.Width * 4, System.Runtime.InteropServices.MemoryMarshal.AsBytes(Pixels.AsSpan()));
    }
}
