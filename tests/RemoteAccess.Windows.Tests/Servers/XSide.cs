using System.Diagnostics;
using System.Globalization;

namespace RemoteAccess.Tests;

/// <summary>
/// Programs of the X server's side, started from inside Wine: xdotool is the person's hand, which Wine takes for a device, and xwd an eye that is not
/// Wine's. Wine lets go of a Unix program when it has started it, so that it tells its end by a file.
/// </summary>
internal static class XSide
{
    private static readonly string Folder = MakeFolder();
    private static int count;

    /// <summary>Runs a program on the display that Wine is on, and gives what it wrote.</summary>
    public static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        Assert.SkipUnless(Wine.IsHere, Wine.NoHand);
        string name = Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture), unix = "/tmp/" + Path.GetFileName(Folder) + "/" + name;
        string command = string.Join(' ', arguments.Prepend(program).Select(word => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'"));
        await File.WriteAllTextAsync(Path.Combine(Folder, name), $"{command} >{unix}.out 2>{unix}.err </dev/null\necho $? >{unix}.code\nmv {unix}.code {unix}.end\n");
        using (Process start = Process.Start(new ProcessStartInfo("start.exe", ["/unix", "/bin/sh", unix]) { CreateNoWindow = true })!) await start.WaitForExitAsync();
        string end = Path.Combine(Folder, name + ".end");
        await Eventually.Is(() => File.Exists(end), $"the end of {command}");
        string code = (await File.ReadAllTextAsync(end)).Trim(), error = await File.ReadAllTextAsync(Path.Combine(Folder, name + ".err"));
        Assert.True(code == "0", $"{command} ended with {code}: {error}");
        return await File.ReadAllBytesAsync(Path.Combine(Folder, name + ".out"));
    }

    /// <summary>What the person does: arguments of xdotool.</summary>
    public static Task PersonAsync(params string[] act) => RunAsync("xdotool", act);

    /// <summary>What the person sees.</summary>
    public static async Task<XwdPicture> LookAsync() => XwdPicture.Parse(await RunAsync("xwd", "-root", "-silent"));

    private static string MakeFolder()
    {
        string folder = Path.Combine("Z:\\tmp", "remoteaccess-xside-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
