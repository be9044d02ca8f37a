using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>The clipboard of Windows, with another program at it.</summary>
[Collection(OneDesktop.Name)]
public sealed class WindowsClipboardTests : IAsyncDisposable
{
    private readonly TestPermit permit = new(Operations.Clipboard);
    private IClipboardAccess? access;

    [Fact]
    public async Task Next_AnotherProgramCopies_GivesTheNewestText()
    {
        ClipboardOwner.Copy("there before");
        IClipboardAccess open = await OpenAsync();
        ClipboardOwner.Copy("Grüße\r\n🙂 zwei\nLF");

        Assert.Equal("Grüße\n🙂 zwei\nLF", await NextAsync(open));
        ClipboardOwner.Copy("next");
        Assert.Equal("next", await NextAsync(open));
    }

    [Fact]
    public async Task Set_IsThereForOthersAndDoesNotComeBack()
    {
        IClipboardAccess open = await OpenAsync();
        await open.SetAsync("eins\nzwei 🙂", CancellationToken.None);
        Assert.Equal("eins\r\nzwei 🙂", ClipboardOwner.Text());
        string longest = new('x', ClipboardText.MaxBytes);
        await open.SetAsync(longest, CancellationToken.None);
        Assert.Equal(longest, ClipboardOwner.Text());

        ClipboardOwner.Copy("a person's");
        Assert.Equal("a person's", await NextAsync(open));
    }

    /// <summary>What password managers copy: each way of saying so.</summary>
    [Theory]
    [InlineData("ExcludeClipboardContentFromMonitorProcessing", new byte[] { 0 }, true)]
    [InlineData("Clipboard Viewer Ignore", new byte[] { 0 }, true)]
    [InlineData("CanIncludeInClipboardHistory", new byte[] { 0, 0, 0, 0 }, true)]
    [InlineData("CanUploadToCloudClipboard", new byte[] { 0, 0, 0, 0 }, true)]
    [InlineData("CanIncludeInClipboardHistory", new byte[] { 1, 0, 0, 0 }, false)]
    public async Task Next_MarkedAsPrivate_IsNotGiven(string format, byte[] data, bool isPrivate)
    {
        IClipboardAccess open = await OpenAsync();
        ClipboardOwner.Copy("secret", (format, data));
        if (!isPrivate) Assert.Equal("secret", await NextAsync(open));
        ClipboardOwner.Copy("harmless");
        Assert.Equal("harmless", await NextAsync(open));
    }

    [Fact]
    public async Task Next_TooLongOrNoText_IsNotGiven()
    {
        IClipboardAccess open = await OpenAsync();
        ClipboardOwner.Copy(new string('x', ClipboardText.MaxBytes + 1));
        ClipboardOwner.Copy("");
        ClipboardOwner.Copy("short");
        Assert.Equal("short", await NextAsync(open));
    }

    [Fact]
    public async Task Set_AnotherProgramKeepsIt_WaitsAndThenGivesUp()
    {
        IClipboardAccess open = await OpenAsync();
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task holding = ClipboardOwner.HoldAsync(taken, letGo.Task);
        await taken.Task.WaitAsync(Eventually.Limit);
        await Assert.ThrowsAsync<DesktopException>(async () => await open.SetAsync("x", CancellationToken.None));
        Task setting = open.SetAsync("y", CancellationToken.None).AsTask();
        letGo.SetResult();
        await holding.WaitAsync(Eventually.Limit);
        await setting.WaitAsync(Eventually.Limit);
        Assert.Equal("y", ClipboardOwner.Text());
    }

    [Fact]
    public async Task Permit_Withdrawn_NothingIsReadOrSet()
    {
        ClipboardOwner.Copy("mine");
        IClipboardAccess open = await OpenAsync();
        Task<string> next = open.NextAsync(CancellationToken.None).AsTask();
        permit.Withdraw();

        await Assert.ThrowsAsync<AccessRefusedException>(() => next);
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await open.SetAsync("x", CancellationToken.None));
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await open.NextAsync(CancellationToken.None));
        Assert.Equal("mine", ClipboardOwner.Text());
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await new WindowsClipboard(TimeProvider.System).OpenAsync(permit.Permit, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        if (access is not null) await access.DisposeAsync();
        permit.Dispose();
    }

    private async Task<IClipboardAccess> OpenAsync() => access = await new WindowsClipboard(TimeProvider.System).OpenAsync(permit.Permit, CancellationToken.None);

    private static Task<string> NextAsync(IClipboardAccess open) => open.NextAsync(CancellationToken.None).AsTask().WaitAsync(Eventually.Limit);
}
