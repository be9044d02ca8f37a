using System.Diagnostics;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// Programs on the X side of Wine: xdotool as the customer's hands, xwd as the second opinion. Wine starts them, but gives neither a handle nor
/// their output; so a shell writes both to files, and the file with the exit code says when it is over.
/// </summary>
internal static class XSide
{
    private static int count;

    public static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        Wine.Require();
        string name = $"/tmp/x-side-{Environment.ProcessId}-{Interlocked.Increment(ref count)}";
        string command = string.Join(' ', arguments.Prepend(program).Select(Quoted));
        File.WriteAllText(Local(name + ".sh"), $"{command} >{name}.out 2>{name}.err; echo $? >{name}.end; mv {name}.end {name}.code\n");
        using (Process? process = Process.Start(new ProcessStartInfo(@"C:\windows\system32\start.exe", ["/unix", "/bin/sh", name + ".sh"]) { UseShellExecute = false }))
        {
            await Eventually.Is(() => File.Exists(Local(name + ".code")), $"{command} has ended");
        }
        string code = File.ReadAllText(Local(name + ".code")).Trim();
        Assert.True(code == "0", $"{command} ended with {code}: {File.ReadAllText(Local(name + ".err"))}");
        return File.ReadAllBytes(Local(name + ".out"));
    }

    /// <summary>
    /// The X server's root window, by xwd. The pixel (0, 0) is set to 0, here and in <see cref="PixelsOf"/>: Wine keeps windows of one pixel and another
    /// depth there, of which the root's own picture and xwd's, put together from windows, say different things. Windows that end meanwhile make xwd fail: then again.
    /// </summary>
    public static async Task<XwdPicture> DumpAsync()
    {
        XwdPicture picture = XwdPicture.Parse(await RunAsync("sh", "-c", "for again in 1 2 3 4 5 6 7 8; do xwd -root -silent && exit; sleep 0.2; done; exit 1"));
        picture.Pixels[0] = 0;
        return picture;
    }

    /// <summary>The first picture that is so. What Windows' own screen shows, Wine brings to the X server a moment later.</summary>
    public static async Task<XwdPicture> PictureAsync(Func<XwdPicture, bool> condition, string what)
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        while (true)
        {
            XwdPicture picture = await DumpAsync();
            if (condition(picture)) return picture;
            Assert.False(limit.IsCancellationRequested, $"Not within {Eventually.Limit.TotalSeconds} s: {what}");
        }
    }

    /// <summary>A frame's pixels, to be compared with <see cref="DumpAsync"/>.</summary>
    public static uint[] PixelsOf(ScreenFrame frame)
    {
        uint[] pixels = FramePixels.Copy(frame);
        pixels[0] = 0;
        return pixels;
    }

    private static string Local(string path) => @"Z:" + path.Replace('/', '\\');

    private static string Quoted(string argument) => $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
