using System.Diagnostics;
using System.Runtime.InteropServices;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed partial class LeftoverTests
{
    private const int Terminate = 15;

    [Fact]
    public async Task Open_AfterAProcessWasKilledHoldingKeysAndAKeycode_PutsAllRight()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        ulong[] mapping = client.ReadMapping();
        using Process victim = await StartVictim(server);
        Assert.True(client.IsAnyKeyDown);
        Assert.NotEqual(0u, client.QueryPointer().Mask & 0x200);
        Assert.NotEqual(mapping, client.ReadMapping());
        await using (X11Desktop whileItLives = X11Desktop.Open(new X11Options { Display = server.Display }))
            Assert.True(client.IsAnyKeyDown, "A living owner's keys are its own business.");
        victim.Kill();
        await victim.WaitForExitAsync();
        Assert.True(client.IsAnyKeyDown);

        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });

        Assert.False(client.IsAnyKeyDown);
        Assert.Equal(0u, client.QueryPointer().Mask & 0x1f00);
        Assert.Equal(mapping, client.ReadMapping());
        Assert.Empty(NotesOf(server));
    }

    [Fact]
    public async Task Process_EndedBySigterm_PutsAllRightItself()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        ulong[] mapping = client.ReadMapping();
        using Process victim = await StartVictim(server);
        Assert.True(client.IsAnyKeyDown);

        Assert.Equal(0, kill(victim.Id, Terminate));
        await victim.WaitForExitAsync().WaitAsync(Eventually.Limit);

        Assert.False(client.IsAnyKeyDown);
        Assert.Equal(mapping, client.ReadMapping());
        Assert.Empty(NotesOf(server));
    }

    [Fact]
    public async Task Note_OfALivingOwner_IsForItsUserAloneAndNamesNothingTyped()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.Key(0xffe1, true), default);
        string note = Assert.Single(NotesOf(server));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(note));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(note)!));
        Assert.Equal(InputNote.Size, new FileInfo(note).Length);
    }

    [Fact]
    public async Task Open_WithANoteOfAnotherRunOfTheServer_LeavesTheKeyboardAlone()
    {
        string noteOfOther;
        byte[] content;
        await using (XServer other = await XServer.StartXvfbAsync())
        {
            using Process victim = await StartVictim(other);
            noteOfOther = Assert.Single(NotesOf(other));
            victim.Kill();
            await victim.WaitForExitAsync();
            content = await File.ReadAllBytesAsync(noteOfOther);
        }
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        client.FakeKey(50, true);
        string planted = Path.Combine(Path.GetDirectoryName(noteOfOther)!, InputNote.Pattern(Token(server)).Replace("*", "planted", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(planted, content);
        try
        {
            await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
            Assert.True(client.IsAnyKeyDown);
        }
        finally
        {
            File.Delete(planted);
            File.Delete(noteOfOther);
        }
    }

    private static async Task<Process> StartVictim(XServer server)
    {
        Process victim = Programs.Start(server.Display, Path.Combine(AppContext.BaseDirectory, "RemoteAccess.X11.CrashVictim"), [server.Display, "hold"]);
        Assert.Equal("ready", await victim.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit));
        return victim;
    }

    private static ServerToken Token(XServer server)
    {
        using XConnection connection = XConnection.Open(server.Display);
        return ServerToken.Of(connection);
    }

    private static string[] NotesOf(XServer server) => Directory.GetFiles(NoteFolder.Demand(), InputNote.Pattern(Token(server)));

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
