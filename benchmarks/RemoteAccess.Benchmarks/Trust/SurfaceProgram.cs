using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>The customer's surface on an X display as a process of its own, which tells on its standard output where a control of its window is: the id in one line, the place in the next.</summary>
internal sealed class SurfaceProgram : IDisposable
{
    private readonly Process process;

    private SurfaceProgram(Process process) => this.process = process;

    /// <summary>Starts it.</summary>
    public static SurfaceProgram Start(string display, string state)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--surface", display, state]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new SurfaceProgram(Process.Start(start) ?? throw new InvalidOperationException("The surface did not start."));
    }

    /// <summary>The middle of a control on the display; null when the window has none of that id.</summary>
    public async Task<(int X, int Y)?> FindAsync(string control)
    {
        await process.StandardInput.WriteLineAsync(control);
        await process.StandardInput.FlushAsync();
        string answer = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The surface has ended.");
        return answer.Split(' ') is [var x, var y] ? (int.Parse(x, CultureInfo.InvariantCulture), int.Parse(y, CultureInfo.InvariantCulture)) : null;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10))) process.Kill();
        process.Dispose();
    }

    /// <summary>The process's own part: shows until standard input ends.</summary>
    public static async Task<int> RunAsync(string display, string state)
    {
        await using SurfaceConnection agent = await SurfaceConnection.OpenAsync(state, CultureInfo.InvariantCulture);
        var surface = new SurfaceThread(agent, new X11SurfaceOptions
        {
            Display = display, Culture = CultureInfo.GetCultureInfo("en-GB"), Scale = 1, HighContrast = false, TourFile = Path.Combine(state, "version"), OpenWindow = true, SessionBus = "",
        });
        try
        {
            await surface.StartAsync(CancellationToken.None);
            while (await Console.In.ReadLineAsync() is { } wanted) Console.WriteLine(Find(surface.Look.Window, wanted));
        }
        finally
        {
            await surface.DisposeAsync();
            await surface.FinishAsync();
        }
        return 0;
    }

    private static string Find(SheetLook? window, string wanted) => window?.Controls.FirstOrDefault(control => control.Id == wanted)?.Area is { } area
        ? string.Create(CultureInfo.InvariantCulture, $"{window.Area.X + area.X + (area.Width / 2)} {window.Area.Y + area.Y + (area.Height / 2)}")
        : "none";
}
