using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class CommandProgramTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ra-path-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Find_Name_IsLookedForInPathOnly()
    {
        string name = OperatingSystem.IsWindows() ? "tool.exe" : "tool";
        string file = Make(name);

        Assert.Equal(file, CommandProgram.Find("tool", string.Join(Path.PathSeparator, "relative", Path.Join(folder, "none"), folder)));
        Assert.Equal(file, CommandProgram.Find(file, ""));
        Assert.Null(CommandProgram.Find("tool", ""));
        Assert.Null(CommandProgram.Find("tool", null));
        Assert.Null(CommandProgram.Find("../" + Path.GetFileName(folder) + "/" + name, folder));
        Assert.Null(CommandProgram.Find("..", folder));
        Assert.Null(CommandProgram.Find(folder, folder));
        // The current directory, and the agent's own, are no places to look in.
        string here = Path.GetRandomFileName();
        try
        {
            File.Copy(file, Path.Join(Directory.CreateDirectory(here).FullName, name));
            Assert.Null(CommandProgram.Find("tool", here));
            Assert.Null(CommandProgram.Find("tool", Path.Join(".", here)));
        }
        finally
        {
            Directory.Delete(here, recursive: true);
        }
    }

    [Fact]
    public void Find_WhatIsNoProgram_IsNotFound()
    {
        if (OperatingSystem.IsWindows())
        {
            foreach (string name in (string[])["batch.cmd", "batch.bat", "text.txt"]) Assert.Null(CommandProgram.Find(Make(name), folder));
            foreach (string name in (string[])["batch.cmd", "batch", "batch.bat "]) Assert.Null(CommandProgram.Find(name, folder));
            return;
        }
        string file = Make("text");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Null(CommandProgram.Find("text", folder));
        Assert.Null(CommandProgram.Find(file, folder));
    }

    private string Make(string name)
    {
        string file = Path.Join(folder, name);
        File.WriteAllText(file, "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        return file;
    }
}
