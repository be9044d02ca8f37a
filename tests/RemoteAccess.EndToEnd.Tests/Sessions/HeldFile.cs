using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>A file that the agent may hold for itself (a session's mark, a lock): .NET asks for the same lock to read it, another program does not.</summary>
internal static class HeldFile
{
    public static byte[] Read(string path)
    {
        var start = new ProcessStartInfo("cat") { RedirectStandardOutput = true };
        start.ArgumentList.Add(path);
        using Process reader = Process.Start(start)!;
        using var bytes = new MemoryStream();
        reader.StandardOutput.BaseStream.CopyTo(bytes);
        reader.WaitForExit();
        Assert.Equal(0, reader.ExitCode);
        return bytes.ToArray();
    }
}
