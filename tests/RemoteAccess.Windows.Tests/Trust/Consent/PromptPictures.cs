using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Pictures of the prompt as the X server has it, to be looked at: run with <c>-explicit only</c>; they go to artifacts/prompt beside the tests.</summary>
[Collection(OneDesktop.Name)]
public sealed class PromptPictures
{
    [Theory(Explicit = true)]
    [InlineData("en-GB", 1, false, "usual")]
    [InlineData("en-GB", 1, true, "usual")]
    [InlineData("de-DE", 1, false, "usual")]
    [InlineData("ja-JP", 1, false, "usual")]
    [InlineData("de-DE", 1.5, false, "unverified")]
    [InlineData("ja-JP", 1, true, "unverified")]
    public async Task Prompt_Picture_IsTaken(string language, double scale, bool highContrast, string request)
    {
        await using PromptScene scene = await PromptScene.OpenAsync(PromptScene.Prompt(language, request), new WindowsConsentPromptOptions { Scale = scale, HighContrast = highContrast });
        XwdPicture screen = await XSide.DumpAsync();

        string folder = Path.Combine(AppContext.BaseDirectory, "artifacts", "prompt");
        Directory.CreateDirectory(folder);
        PixelRect area = scene.State.Area;
        uint[] pixels = new uint[area.Width * area.Height];
        for (int y = 0; y < area.Height; y++) screen.Pixels.AsSpan(((area.Y + y) * screen.Size.Width) + area.X, area.Width).CopyTo(pixels.AsSpan(y * area.Width));
        await using FileStream file = File.Create(Path.Combine(folder, $"prompt-{language}-{scale}{(highContrast ? "-contrast" : "")}-{request}.png"));
        PngWriter.Write(file, new PixelSize(area.Width, area.Height), area.Width * 4, System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()));
    }
}
