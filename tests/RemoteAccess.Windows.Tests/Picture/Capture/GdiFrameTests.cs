using System.Diagnostics;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

[Collection(OneDesktop.Name)]
public sealed class GdiFrameTests
{
    [Fact]
    public async Task FirstFrame_WithARealApplication_EqualsXwd()
    {
        await XSide.RunAsync("xsetroot", "-mod", "5", "7", "-fg", "#3366aa", "-bg", "#ddeeff");
        uint[] empty = (await XSide.DumpAsync()).Pixels;
        using Process notepad = Process.Start("notepad.exe");
        try
        {
            await Eventually.Is(() => Win32.FindWindowW("Notepad", null) != 0, "Notepad is there");
            // Takes the focus, so that Notepad's caret does not blink.
            using TestWindow front = new(900, 620, 100, 80);
            await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
            int differing = -1;
            for (int attempt = 0; attempt < 15 && differing != 0; attempt++)
            {
                await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
                XwdPicture before = await XSide.DumpAsync();
                using ScreenFrame frame = await capture.CaptureAsync(default);
                XwdPicture after = await XSide.DumpAsync();

                // A program that still draws says nothing about the frame.
                if (FramePixels.CountDifferences(before.Pixels, after.Pixels) > 0 || FramePixels.CountDifferences(empty, after.Pixels) < 50_000) continue;
                differing = FramePixels.CountDifferences(after.Pixels, XSide.PixelsOf(frame));
                PixelRect whole = new(0, 0, frame.Size.Width, frame.Size.Height);
                Assert.Equal(after.Size, frame.Size);
                Assert.Equal([whole], frame.Damage.ToArray());
                Assert.Equal([whole], frame.Layout.Monitors.Select(monitor => monitor.Area));
                Assert.True(frame.Layout.Monitors[0].IsPrimary);
            }

            Assert.Equal(0, differing);
        }
        finally
        {
            notepad.Kill();
            await notepad.WaitForExitAsync();
        }
    }
}
