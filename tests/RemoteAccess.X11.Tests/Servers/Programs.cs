using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>Programs of Debian's packages that the tests use as customers, applications and second opinions.</summary>
internal static class Programs
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["Xvfb"] = "xvfb", ["Xephyr"] = "xserver-xephyr", ["xterm"] = "xterm", ["xdotool"] = "xdotool", ["xwd"] = "x11-apps", ["xeyes"] = "x11-apps",
        ["xlogo"] = "x11-apps", ["xrandr"] = "x11-xserver-utils", ["xmodmap"] = "x11-xserver-utils", ["xsetroot"] = "x11-xserver-utils",
        ["setxkbmap"] = "x11-xkb-utils", ["xkbcomp"] = "x11-xkb-utils", ["script"] = "bsdutils", ["openbox"] = "openbox", ["trayer"] = "trayer", ["dbus-daemon"] = "dbus-daemon", ["xprop"] = "x11-utils", ["xwininfo"] = "x11-utils", ["xclip"] = "xclip", ["xsel"] = "xsel",
    };

    public static void Require(params string[] programs)
    {
        foreach (string program in programs)
        {
            bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
            Assert.SkipUnless(found, $"{program} is not installed: apt-get install {Packages.GetValueOrDefault(program, program)}");
        }
    }

    public static Process Start(string display, string program, string[] arguments)
    {
        if (!program.Contains('/', StringComparison.Ordinal)) Require(program);
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["DISPLAY"] = display;
        start.Environment["LC_ALL"] = "C.UTF-8";
        return Process.Start(start)!;
    }

    public static async Task<byte[]> RunAsync(string display, string program, params string[] arguments)
    {
        using Process process = Start(display, program, arguments);
        using MemoryStream output = new();
        using CancellationTokenSource limit = new(Eventually.Limit);
        await process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return output.ToArray();
    }
}
