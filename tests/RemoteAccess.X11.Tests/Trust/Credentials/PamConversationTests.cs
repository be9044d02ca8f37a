using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>PAM's modules as they may ask: once, twice, for a name, for nothing.</summary>
public sealed unsafe class PamConversationTests
{
    private const int PromptEchoOn = 2, BinaryPrompt = 7;

    [Fact]
    public void Converse_PasswordWanted_IsGivenOnceAndNeverAgain()
    {
        using var conversation = new PamConversation("geheim"u8);
        Assert.False(conversation.WasAsked);

        Assert.Equal("geheim", Assert.Single(Ask(conversation, LibPam.PromptEchoOff)));
        Assert.True(conversation.WasAsked);
        Assert.False(conversation.WasAskedForMore);

        Assert.Throws<InvalidOperationException>(() => Ask(conversation, LibPam.PromptEchoOff));
        Assert.True(conversation.WasAskedForMore);
    }

    [Fact]
    public void Converse_TwoPasswordsInOneCall_GivesNone()
    {
        using var conversation = new PamConversation("geheim"u8);

        Assert.Throws<InvalidOperationException>(() => Ask(conversation, LibPam.PromptEchoOff, LibPam.PromptEchoOff));
        Assert.True(conversation.WasAskedForMore);
    }

    [Theory]
    [InlineData(PromptEchoOn)]
    [InlineData(BinaryPrompt)]
    [InlineData(0)]
    public void Converse_AnythingElseWanted_GivesNothing(int style)
    {
        using var conversation = new PamConversation("geheim"u8);

        Assert.Throws<InvalidOperationException>(() => Ask(conversation, style));
        Assert.False(conversation.WasAsked);
        Assert.True(conversation.WasAskedForMore);
    }

    [Fact]
    public void Converse_MessagesBeside_AreTakenWithoutAnAnswer()
    {
        using var conversation = new PamConversation("geheim"u8);

        Assert.Equal((string?[])[null, "geheim", null], (IEnumerable<string?>)Ask(conversation, LibPam.TextInfo, LibPam.PromptEchoOff, LibPam.ErrorMessage));
        Assert.False(conversation.WasAskedForMore);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(LibPam.MostMessages + 1)]
    public void Converse_ImpossibleCount_IsRefused(int count)
    {
        using var conversation = new PamConversation("geheim"u8);

        Assert.Throws<InvalidOperationException>(() => Ask(conversation, [.. Enumerable.Repeat(LibPam.TextInfo, count)]));
    }

    private static string?[] Ask(PamConversation conversation, params int[] styles)
    {
        PamMessage[] messages = GC.AllocateArray<PamMessage>(styles.Length + 1, pinned: true);
        nint[] pointers = GC.AllocateArray<nint>(styles.Length + 1, pinned: true);
        for (int i = 0; i < styles.Length; i++)
        {
            messages[i].Style = styles[i];
            pointers[i] = Marshal.UnsafeAddrOfPinnedArrayElement(messages, i);
        }
        PamConversationEntry entry = conversation.Entry;
        PamResponse* responses;
        int result = entry.Converse(styles.Length, (PamMessage**)Marshal.UnsafeAddrOfPinnedArrayElement(pointers, 0), &responses, entry.Data);
        if (result != LibPam.Success)
        {
            Assert.True(responses is null);
            throw new InvalidOperationException($"{result}");
        }
        string?[] texts = new string?[styles.Length];
        for (int i = 0; i < styles.Length; i++)
        {
            texts[i] = Marshal.PtrToStringUTF8((nint)responses[i].Text);
            LibPam.free(responses[i].Text);
        }
        LibPam.free(responses);
        return texts;
    }
}
