using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What programs of the customer's copy, real ones and ones without manners.</summary>
public sealed class ClipboardReadTests
{
    [Theory]
    [InlineData("Grüße, 東京 🙂\n")]
    [InlineData("x")]
    public async Task Next_CopiedByXclip_IsTheText(string text)
    {
        await using Scene scene = await Scene.OpenAsync();
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await scene.CopyAsync("xclip", text);
        Assert.Equal(text, await next);
    }

    /// <summary>As they reach it from files of Windows; a long one comes in pieces.</summary>
    [Fact]
    public async Task Next_CopiedByXselWithALargeText_IsTheText()
    {
        await using Scene scene = await Scene.OpenAsync();
        string text = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"Zeile {i:00000} ü\n"));
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await scene.CopyAsync("xsel", text.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(text, await next);
    }

    [Fact]
    public async Task Next_LongestText_ComesAndALongerOneDoesNot()
    {
        await using Scene scene = await Scene.OpenAsync();
        string longest = new('ü', ClipboardText.MaxBytes / 2);
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await scene.CopyAsync("xclip", longest + "x");
        await Eventually.Never(() => next.IsCompleted, "A text too long to travel came.");
        await scene.CopyAsync("xclip", longest);
        Assert.Equal(longest, await next);
    }

    [Fact]
    public async Task Next_WhatWasThereBefore_IsNotAskedFor()
    {
        await using XServer server = await XServer.StartXvfbAsync(320, 200);
        await using PrankOwner before = await PrankOwner.CopyAsync(server, OwnerManners.Good, "old secret");
        await using Scene scene = await Scene.OpenAsync(server);
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await Eventually.Never(() => before.Asked > 0 || next.IsCompleted, "The old text was asked for.");
        await using PrankOwner after = await PrankOwner.CopyAsync(server, OwnerManners.Good, "new");
        Assert.Equal("new", await next);
        Assert.Equal(0, before.Asked);
    }

    /// <summary>Nobody waits: nothing is read; then the newest alone is.</summary>
    [Fact]
    public async Task Next_CopiedWhileNobodyWaits_IsTheNewestAndTheOthersAreNotAskedFor()
    {
        await using Scene scene = await Scene.OpenAsync();
        await using PrankOwner first = await PrankOwner.CopyAsync(scene.Server, OwnerManners.Good, "first");
        await using PrankOwner second = await PrankOwner.CopyAsync(scene.Server, OwnerManners.Good, "second");
        await Eventually.Never(() => first.Asked + second.Asked > 0, "A text was read that nobody wanted.");
        Assert.Equal("second", await scene.Access.NextAsync(Scene.Limit()));
        Assert.Equal((0, 1), (first.Asked, second.Asked));
    }

    /// <summary>Marked by a password manager: the text itself is not even asked for.</summary>
    [Theory]
    [InlineData("Secret")]
    [InlineData("HintUnreadable")]
    public async Task Next_MarkedAsSecret_IsNotAskedFor(string manners)
    {
        await using Scene scene = await Scene.OpenAsync();
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await using PrankOwner secret = await PrankOwner.CopyAsync(scene.Server, Enum.Parse<OwnerManners>(manners), "hunter2");
        await Eventually.Never(() => secret.Asked > 0 || next.IsCompleted, "The password was asked for.");
        await using PrankOwner open = await PrankOwner.CopyAsync(scene.Server, OwnerManners.Public, "for all");
        Assert.Equal("for all", await next);
    }

    [Theory]
    [InlineData("OldWithoutTargets", "Grüße")]
    [InlineData("Latin1Only", "Grüße")]
    [InlineData("InPieces", "Grüße, 東京 🙂, in pieces of seven bytes")]
    public async Task Next_UnusualButLawful_IsTheText(string manners, string text)
    {
        await using Scene scene = await Scene.OpenAsync();
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await using PrankOwner owner = await PrankOwner.CopyAsync(scene.Server, Enum.Parse<OwnerManners>(manners), text);
        Assert.Equal(text, await next);
    }

    /// <summary>Each gives nothing and holds up nothing: the next program's text comes at once, or after the owner's time at the latest.</summary>
    [Theory]
    [InlineData("Silent")]
    [InlineData("SilentText")]
    [InlineData("RefusesAll")]
    [InlineData("TargetsAreText")]
    [InlineData("BadUtf8")]
    [InlineData("HoldsNul")]
    [InlineData("WrongType")]
    [InlineData("TooLong")]
    [InlineData("TooLongInPieces")]
    [InlineData("PiecesNeverCome")]
    [InlineData("PiecesStop")]
    [InlineData("PiecesWithoutEnd")]
    public async Task Next_OwnerWithoutManners_GivesNothingAndHoldsUpNothing(string manners)
    {
        await using Scene scene = await Scene.OpenAsync();
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await using PrankOwner prank = await PrankOwner.CopyAsync(scene.Server, Enum.Parse<OwnerManners>(manners), "not this one at all");
        await Eventually.Never(() => next.IsCompleted, "A text came of it.");
        TimeSpan start = OwnTime.Now;
        await using PrankOwner good = await PrankOwner.CopyAsync(scene.Server, OwnerManners.Good, "this one");
        Assert.Equal("this one", await next);
        Assert.InRange(OwnTime.Now - start, TimeSpan.Zero, SelectionReader.Step);
    }

    [Fact]
    public async Task Next_OwnerNeverAnswers_IsGivenUpAndNotAskedAgain()
    {
        await using Scene scene = await Scene.OpenAsync();
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await using PrankOwner silent = await PrankOwner.CopyAsync(scene.Server, OwnerManners.SilentText);
        await OwnTime.PassAsync(SelectionReader.Step + TimeSpan.FromSeconds(1), Scene.Limit());
        Assert.Equal(1, silent.Asked);
        Assert.False(next.IsCompleted);
        await scene.CopyAsync("xclip", "after");
        Assert.Equal("after", await next);
    }

    /// <summary>An owner that was given up is led to an end, but not for ever.</summary>
    [Fact]
    public async Task Next_PiecesWithoutEnd_AreTakenForALimitedTime()
    {
        await using Scene scene = await Scene.OpenAsync();
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await using PrankOwner endless = await PrankOwner.CopyAsync(scene.Server, OwnerManners.PiecesWithoutEnd);
        const int TooMuch = (2 * ClipboardText.MaxBytes / 60_000) + 1, Drained = 4096;
        await Eventually.Is(() => endless.PiecesGiven >= Drained, "it is led on after it gave what is too much");
        await Eventually.Never(() => endless.PiecesGiven > TooMuch + Drained + 1, "More are taken.");
        await scene.CopyAsync("xclip", "after");
        Assert.Equal("after", await next);
    }

    [Fact]
    public async Task Next_Cancelled_LosesNothing()
    {
        await using Scene scene = await Scene.OpenAsync();
        using CancellationTokenSource cancel = new();
        ValueTask<string> next = scene.Access.NextAsync(cancel.Token);
        await using PrankOwner silent = await PrankOwner.CopyAsync(scene.Server, OwnerManners.Silent);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        await using PrankOwner good = await PrankOwner.CopyAsync(scene.Server, OwnerManners.Good, "still here");
        Assert.Equal("still here", await scene.Access.NextAsync(Scene.Limit()));
    }

    [Fact]
    public async Task Withdrawn_WhileItWaits_IsRefusedAndNothingIsAskedForAnyMore()
    {
        await using Scene scene = await Scene.OpenAsync();
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        scene.Permit.Withdraw();
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await next);
        await using PrankOwner owner = await PrankOwner.CopyAsync(scene.Server, OwnerManners.Good);
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await scene.Access.NextAsync(Scene.Limit()));
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await scene.Access.SetAsync("x", Scene.Limit()));
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await scene.Desktop.Clipboard.OpenAsync(scene.Permit.Permit, default));
        await Eventually.Never(() => owner.Asked > 0, "A text was read without a permit.");
    }

    [Fact]
    public async Task Open_WithAnotherPermit_IsTheCallersError()
    {
        await using Scene scene = await Scene.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await scene.Desktop.Clipboard.OpenAsync(TestPermit.ForView(), default));
    }

    [Fact]
    public async Task ServerGone_EverythingIsAnswered()
    {
        await using Scene scene = await Scene.OpenAsync();
        await scene.Access.SetAsync("x", Scene.Limit());
        ValueTask<string> next = scene.Access.NextAsync(Scene.Limit());
        await scene.Server.KillAsync();
        Assert.Equal(DesktopError.DisplayLost, (await Assert.ThrowsAsync<DesktopException>(async () => await next)).Error);
        Assert.Equal(DesktopError.DisplayLost, (await Assert.ThrowsAsync<DesktopException>(async () => await scene.Access.SetAsync("y", Scene.Limit()))).Error);
    }
}
