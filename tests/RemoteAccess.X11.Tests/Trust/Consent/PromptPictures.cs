using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Pictures of the prompt, to be looked at: run with <c>-explicit only</c>; they go to artifacts/prompt, or where REMOTEACCESS_PICTURES says.</summary>
public sealed class PromptPictures
{
    [Theory(Explicit = true)]
    [InlineData("en-GB", 1, false, "usual")]
    [InlineData("en-GB", 1, true, "long")]
    [InlineData("de-DE", 1, false, "long")]
    [InlineData("de-DE", 2, false, "usual")]
    [InlineData("ja-JP", 1, false, "usual")]
    [InlineData("ja-JP", 2, true, "usual")]
    [InlineData("de-DE", 1, true, "unverified")]
    [InlineData("fr-FR", 1, false, "usual")]
    [InlineData("es-ES", 1, true, "unverified")]
    public async Task Prompt_Picture_IsTaken(string language, double scale, bool highContrast, string request)
    {
        Programs.Require("Xvfb", "xwd");
        await using XServer server = await XServer.StartXvfbAsync(1300, 1700);
        await using PromptWindow window = new(PromptScene.Prompt(language, request), new X11ConsentPromptOptions { Display = server.Display, Scale = scale, HighContrast = highContrast });
        await window.StartAsync(CancellationToken.None);
        await Eventually.Is(() => window.State.IsActive, "the prompt is active");
        XwdPicture screen = await server.DumpAsync();

        string folder = Environment.GetEnvironmentVariable("REMOTEACCESS_PICTURES") ?? Path.Combine("artifacts", "prompt");
        Directory.CreateDirectory(folder);
        PixelRect area = window.State.Area;
        uint[] pixels = new uint[area.Width * area.Height];
        for (int y = 0; y < area.Height; y++) screen.Pixels.AsSpan(((area.Y + y) * screen.Size.Width) + area.X, area.Width).CopyTo(pixels.AsSpan(y * area.Width));
        await using FileStream file = File.Create(Path.Combine(folder, $"prompt-{language}-{scale}{(highContrast ? "-contrast" : "")}-{request}.png"));
        PngWriter.Write(file, new PixelSize(area.Width, area.Height), area.Width * 4, System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()));
    }
}
