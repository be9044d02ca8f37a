using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32;
using RemoteAccess.Interop;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The whole of it, for real: a service of Wine or Windows, its helper in the session of the desktop, which is this test's.</summary>
[Collection(OneDesktop.Name)]
public sealed class WindowsServiceTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly WindowsService service = new(TestProgram.Options());
    private string helperText = "";

    public async ValueTask InitializeAsync()
    {
        Wine.Require();
        if (service.IsRunning is not null) await service.UninstallAsync();
        if (Directory.Exists(TestProgram.Folder)) Directory.Delete(TestProgram.Folder, recursive: true);
        Directory.CreateDirectory(TestProgram.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (service.IsRunning is not null) await service.UninstallAsync();
        if (File.Exists(TestProgram.LogFile)) output.WriteLine(ReadShared(TestProgram.LogFile));
    }

    [Fact]
    public async Task Service_FromInstallToUninstall_SharesThePersonsSessionAndLeavesNothing()
    {
        using TestWindow window = new(100, 80, 500, 300);
        window.Fill(0, 0, 500, 300, 0x204060);
        window.Fill(40, 30, 120, 60, 0xff8800);

        Install();
        Assert.False(service.IsRunning);
        AssertSettings(service.ReadSettings());
        await service.StartAsync();
        Assert.True(service.IsRunning);

        int serviceProcess = await ServiceAsync();
        Assert.Equal([@"with spaces and a slash\", "\"quoted\""], File.ReadAllLines(Path.Combine(TestProgram.Folder, "arguments")));
        int helper = await HelperAsync(other: 0);
        AssertPlace(helper);
        Assert.Equal(0, (await FrameAsync()).Differing);

        window.Forget();
        string answer = await AskAsync("type Grüße, 世界 🙂!", static reader => reader.ReadString() is var word && word == "done" ? word : reader.ReadString());
        Assert.True(answer == "done", answer);
        await Eventually.Is(() => window.Typed == "Grüße, 世界 🙂!", "the text is typed");

        Assert.Equal("Ein Text, 世界 🙂", await AskAsync("put der Technikerin", static reader =>
        {
            string word = reader.ReadString();
            Assert.True(word == "done", word == "done" ? "" : reader.ReadString());
            Assert.Equal("der Technikerin", ClipboardOwner.Text());
            ClipboardOwner.Copy("Ein Text, 世界 🙂");
            return reader.ReadString();
        }));

        await StripAsync();

        int surface = await SurfaceAsync(other: 0);

        Process.GetProcessById(helper).Kill();
        int second = await HelperAsync(other: helper);
        window.Fill(10, 10, 50, 50, 0x00ff00);
        (int differing, double milliseconds) = await FrameAsync();
        Assert.Equal(0, differing);
        List<double> times = [];
        for (uint i = 0; i < 20; i++)
        {
            window.Fill(0, 0, 500, 300, i * 0x0a0b0c);
            times.Add((await FrameAsync()).Milliseconds);
        }
        output.WriteLine($"the first frame of a helper after {milliseconds:0.0} ms, then a changed one of 500x300 pixels, with the wait until the screen is looked at: {times.Order().ElementAt(10):0.0} ms (median of 20)");

        Process.GetProcessById(surface).Kill();
        int secondSurface = await SurfaceAsync(other: surface);

        await service.StopAsync();
        Assert.False(service.IsRunning);
        foreach (int process in (int[])[serviceProcess, second, secondSurface]) await Eventually.Is(() => !IsRunning(process), $"process {process} has ended");

        await service.UninstallAsync();
        Assert.Null(service.IsRunning);
        Assert.Equal(ServiceError.Missing, (await Assert.ThrowsAsync<ServiceException>(() => service.UninstallAsync())).Error);
    }

    [Fact]
    public async Task Service_Killed_LeavesNoHelperAndNoSurface()
    {
        Install();
        await service.StartAsync();
        int process = await ServiceAsync();
        int helper = await HelperAsync(other: 0), surface = await SurfaceAsync(other: 0);

        Process.GetProcessById(process).Kill();

        await Eventually.Is(() => !IsRunning(helper), "the helper has ended");
        await Eventually.Is(() => !IsRunning(surface), "the surface has ended");
    }

    /// <summary>Windows starts again what stopped with an error, and nothing else.</summary>
    [Fact]
    public async Task Service_WhoseWorkFails_StopsWithAnErrorAndLeavesNoHelper()
    {
        Install();
        await service.StartAsync();
        int process = await ServiceAsync();
        int helper = await HelperAsync(other: 0);

        await Assert.ThrowsAnyAsync<IOException>(() => AskAsync("fail", static reader => reader.ReadString()));

        await Eventually.Is(() => service.IsRunning == false && !IsRunning(process) && !IsRunning(helper), "service and helper have ended");
        Assert.Equal((Advapi32Service.Stopped, (uint)Advapi32Service.SpecificError, 1u), Status());
    }

    private static unsafe (uint State, uint ExitCode, uint SpecificExitCode) Status()
    {
        using SafeServiceHandle manager = Advapi32Service.OpenSCManagerW(0, 0, Advapi32Service.ConnectManager), found = Advapi32Service.OpenServiceW(manager, TestProgram.Options().Name, Advapi32Service.QueryStatus);
        ServiceStatus status;
        Assert.NotEqual(0, Advapi32Service.QueryServiceStatus(found, &status));
        return (status.State, status.ExitCode, status.SpecificExitCode);
    }

    /// <summary>A helper that is stopped as a whole, as one that hangs: it is there, and does nothing.</summary>
    [Fact]
    public async Task Helper_ThatHangs_IsEndedAndAnotherStarted()
    {
        Install();
        await service.StartAsync();
        await ServiceAsync();
        int helper = await HelperAsync(other: 0);
        using (Process hanging = Process.GetProcessById(helper)) Assert.True(Win32.NtSuspendProcess(hanging.Handle) >= 0);

        await Eventually.Is(() => !IsRunning(helper), "the one that hangs is ended");
        int second = await HelperAsync(other: helper);

        Assert.True(IsRunning(second));
        Assert.Contains("was silent for 10 s", ReadShared(TestProgram.LogFile), StringComparison.Ordinal);
        Assert.Equal(0, (await FrameAsync()).Differing);
    }

    /// <summary>Wine has no bcdedit: what cannot be undone is said, keeps its mark, and the agent starts.</summary>
    [Fact]
    public async Task Service_StartedInSafeMode_TriesToUndoItAndStartsAllTheSame()
    {
        using RegistryKey mark = Registry.LocalMachine.CreateSubKey(@"SOFTWARE\RemoteAccess\SafeMode");
        mark.SetValue(TestProgram.Options().Name, 1, RegistryValueKind.DWord);
        try
        {
            Install();
            await service.StartAsync();
            await ServiceAsync();

            Assert.Contains("Error A start in safe mode cannot be undone", ReadShared(TestProgram.LogFile), StringComparison.Ordinal);
            Assert.NotNull(mark.GetValue(TestProgram.Options().Name));
            Assert.True(await AskAsync("safe", static reader => reader.ReadString() == "safe" && reader.ReadBoolean()));
        }
        finally
        {
            mark.DeleteValue(TestProgram.Options().Name);
        }
    }

    [Fact]
    public async Task Run_ByHand_IsNoServiceAndWorksInThisSession()
    {
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [TestProgram.Service]) { UseShellExecute = false })!;
        try
        {
            Assert.Equal(process.Id, await ServiceAsync());
            int helper = await HelperAsync(other: 0);
            // No service of that name would come up there.
            Assert.False(await AskAsync("safe", static reader => reader.ReadString() != "safe" || reader.ReadBoolean()));
            Assert.Equal(0, (await FrameAsync()).Differing);

            process.Kill();

            await Eventually.Is(() => !IsRunning(helper), "the helper has ended");
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void Install_Twice_SaysThatItIsThere()
    {
        Install();

        Assert.Equal(ServiceError.Exists, Assert.Throws<ServiceException>(Install).Error);
    }

    /// <summary>Wine has one account, and one session beside that of services. The desktop is seen from the picture: without <c>winsta0\default</c> there is none.</summary>
    private void AssertPlace(int helper)
    {
        PipePeer self = PipePeer.OfThisProcess();
        Assert.Contains($"ProcessId = {helper}, Sid = {self.Sid}, SessionId = {self.SessionId},", helperText, StringComparison.Ordinal);
        Assert.NotEqual(0, self.SessionId);
    }

    /// <summary>What the list of services has; Wine keeps not all of it.</summary>
    private void AssertSettings(ServiceSettings settings)
    {
        output.WriteLine($"{settings}");
        WindowsServiceOptions asked = TestProgram.Options();
        Assert.Equal((asked.DisplayName, 2u, "LocalSystem"), (settings.DisplayName, settings.Start, settings.Account));
        Assert.Equal(OwnProgram.Find().CommandLine(asked.ServiceArguments), settings.CommandLine);
        Assert.Equal(asked.Description, settings.Description);
        Assert.True(settings.IsDelayed ?? Wine.IsHere);
        Assert.True(settings.RestartsOnError ?? Wine.IsHere);
        if (settings.FailureActions is { Count: > 0 } actions) Assert.Equal([(1, 5_000u), (1, 30_000u), (1, 300_000u)], actions.Select(static action => (action.Kind, action.DelayMilliseconds)));
        else Assert.True(Wine.IsHere);
    }

    /// <summary>The helper's strip is on the screen, above what the person has there, while the service wants it. Wine's one desktop is not named as a user's.</summary>
    private static async Task StripAsync()
    {
        using TcpClient client = new();
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ReadNumber(TestProgram.PortFile, 0)));
        using BinaryWriter writer = new(client.GetStream(), Encoding.UTF8, leaveOpen: true);
        using BinaryReader reader = new(client.GetStream(), Encoding.UTF8);
        writer.Write("strip Grace Hopper sees your screen");
        Assert.Equal("strip", reader.ReadString());
        _ = await XSide.PictureAsync(static screen => (screen.Pixels[(400 * screen.Size.Width) + 1] & 0xffffff) == Palette.Normal.Watched, "the strip is there");
        writer.Write("seen");
        _ = await XSide.PictureAsync(static screen => (screen.Pixels[(400 * screen.Size.Width) + 1] & 0xffffff) != Palette.Normal.Watched, "the strip is gone");
    }

    /// <summary>Wherever the tests lie: Wine shows a folder under /tmp as everybody's.</summary>
    private void Install() => service.Install(static _ => null);

    private static async Task<int> ServiceAsync()
    {
        int process = 0;
        await Eventually.Is(() => (process = ReadNumber(TestProgram.PortFile, 1)) != 0, "the service listens");
        return process;
    }

    private async Task<int> HelperAsync(int other)
    {
        int found = 0;
        await Eventually.Is(() => (found = AskAsync("helper", reader =>
        {
            _ = reader.ReadString();
            helperText = reader.ReadString();
            return reader.ReadInt32();
        }).GetAwaiter().GetResult()) != 0 && found != other, "a helper serves");
        output.WriteLine(helperText);
        return found;
    }

    private static async Task<int> SurfaceAsync(int other)
    {
        int found = 0;
        await Eventually.Is(() => (found = ReadNumber(TestProgram.SurfaceFile, 0)) != 0 && found != other, "a surface runs");
        return found;
    }

    /// <summary>Frames until one is the screen, which is looked at anew for each; the last one, whatever it is, after a while.</summary>
    private async Task<(int Differing, double Milliseconds)> FrameAsync()
    {
        (uint[]? pixels, double took, int differing) = (null, 0d, int.MaxValue);
        for (int attempt = 0; attempt < 20 && differing != 0; attempt++)
        {
            var next = await AskAsync("frame", reader =>
            {
                if (reader.ReadString() != "frame")
                {
                    output.WriteLine(reader.ReadString());
                    return default;
                }
                (int width, int height, double milliseconds) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
                uint[] pixels = new uint[width * height];
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(pixels.AsSpan()));
                pixels[0] = 0;
                return (pixels, milliseconds);
            });
            // Nothing changed within the patience: the last one stands.
            if (next.pixels is not null) (pixels, took) = next;
            if (pixels is not null) differing = FramePixels.CountDifferences((await XSide.DumpAsync()).Pixels, pixels);
        }
        return (differing, took);
    }

    private static async Task<T> AskAsync<T>(string request, Func<BinaryReader, T> read)
    {
        using TcpClient client = new();
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ReadNumber(TestProgram.PortFile, 0)));
        using BinaryWriter writer = new(client.GetStream(), Encoding.UTF8, leaveOpen: true);
        writer.Write(request);
        writer.Flush();
        using BinaryReader reader = new(new BufferedStream(client.GetStream(), 1 << 20), Encoding.UTF8);
        return read(reader);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A number that another process writes into a file; 0 while it is not there, or just being put there.</summary>
    private static int ReadNumber(string path, int index)
    {
        try
        {
            return File.Exists(path) ? int.Parse(ReadShared(path).Split(' ')[index], CultureInfo.InvariantCulture) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string ReadShared(string path)
    {
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
