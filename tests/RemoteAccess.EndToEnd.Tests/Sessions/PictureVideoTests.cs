using System.Buffers;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A video codec is used in a session when both ends have the same one, and not otherwise.</summary>
public sealed class PictureVideoTests
{
    private static readonly PixelRect Window = new(64, 64, 320, 256);

    [Theory]
    [InlineData("coarse", "coarse", true)]
    [InlineData("coarse", "other", false)]
    [InlineData("coarse", null, false)]
    [InlineData(null, "coarse", false)]
    public async Task Film_InASession_GoesThroughTheSeamOnlyWhereBothEndsHaveIt(string? computer, string? viewer, bool isUsed)
    {
        // The film's own clock: what counts as a film is a matter of time, which a busy machine must not decide.
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { HasOneClock = true, Time = time });
        int encoded = 0, decoded = 0;
        VideoEncoding? encoding = computer is null ? null : new VideoEncoding(computer, size => new Coarse(size, () => encoded++));
        VideoDecoding? decoding = viewer is null ? null : new VideoDecoding(viewer, size => new Coarse(size, () => decoded++));
        var agent = new RemoteAccessAgent(desk.Trust, new VideoDesktop(desk.Desktop, encoding), desk.Time);
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = Task.Run(() => agent.ServeAsync(far, Helpdesk.Limit()));
        await using (RemoteSession session = await desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, null, Helpdesk.Limit()))
        {
            await using var sight = new Sight(session, Helpdesk.Limit(), new PictureOptions { Video = decoding });
            await sight.NextAsync();
            var film = new Film(4);
            for (int frame = 0; frame < 50; frame++)
            {
                time.Advance(TimeSpan.FromMilliseconds(40));
                film.Show(desk.Desktop, Window);
                await sight.NextFrameAsync();
            }

            Assert.Equal(isUsed, encoded > 0);
            Assert.Equal(isUsed, decoded > 0);
            await using (time.Run())
            {
                if (!sight.Picture.IsExact) await sight.UntilAsync(static update => update.IsExact);
            }

            sight.AssertShows(desk.Desktop);
        }

        await serving.WaitAsync(Helpdesk.Limit());
    }

    private sealed class VideoDesktop(VirtualDesktop inner, VideoEncoding? video) : IDesktop
    {
        public VideoEncoding? Video => video;

        public bool HasPerson => inner.HasPerson;

        public TimeSpan PhysicalIdleTime => inner.PhysicalIdleTime;

        public ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken) => inner.OpenCaptureAsync(permit, cancellationToken);

        public ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken) => inner.OpenInputAsync(permit, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A stand-in for an operating system's codec: four bits a channel.</summary>
    private sealed class Coarse(PixelSize size, Action used) : IVideoEncoder, IVideoDecoder
    {
        public void Encode(ScreenFrame frame, PixelRect area, double budgetBytes, IBufferWriter<byte> output)
        {
            used();
            Assert.Equal(size, new PixelSize(area.Width, area.Height));
            for (int y = area.Y; y < area.Bottom; y++)
            {
                Span<byte> row = output.GetSpan(area.Width * 4)[..(area.Width * 4)];
                frame.Pixels.Slice(y * frame.Stride + area.X * 4, row.Length).CopyTo(row);
                foreach (ref byte channel in row) channel &= 0xF0;
                output.Advance(row.Length);
            }
        }

        public void Decode(ReadOnlySpan<byte> unit, Span<byte> pixels)
        {
            used();
            unit.CopyTo(pixels);
        }

        public void Dispose() { }
    }
}
