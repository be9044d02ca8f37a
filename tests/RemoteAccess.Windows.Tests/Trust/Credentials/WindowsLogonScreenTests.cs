using System.Buffers.Binary;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What a session's information says, from bytes as wtsapi32.h has them.</summary>
public sealed class WindowsLogonScreenTests
{
    [Theory]
    [InlineData(0, 0, "erika", "", true, "erika")]
    [InlineData(0, 1, "erika", "", false, "erika")]
    [InlineData(0, -1, "erika", "", false, "erika")]
    [InlineData(0, 0, "erika", "CONTOSO", true, @"CONTOSO\erika")]
    [InlineData(1, -1, "", "", true, null)]
    [InlineData(0, 0, "", "", true, null)]
    [InlineData(4, 0, "", "", false, null)]
    public void Read_Session_IsUnderstood(int state, int flags, string user, string domain, bool isShown, string? expected) =>
        Assert.Equal(new LogonScreenState(isShown, expected), WindowsLogonScreen.Read(Session(1, state, flags, user, domain)));

    [Fact]
    public void Read_WhatIsNotUnderstood_IsNotShown()
    {
        byte[] good = Session(1, 0, 0, "erika", "");
        for (int length = 0; length < 164; length++) Assert.Equal(default, WindowsLogonScreen.Read(good.AsSpan(0, length)));
        Assert.Equal(default, WindowsLogonScreen.Read(Session(2, 0, 0, "erika", "")));
    }

    [Fact]
    public void Read_ThisComputer_IsNotLocked() => Assert.False(new WindowsLogonScreen().Read() is { IsShown: true, User: not null });

    private static byte[] Session(int level, int state, int flags, string user, string domain)
    {
        byte[] bytes = new byte[224];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, level);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), state);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), flags);
        Encoding.Unicode.GetBytes("Console", bytes.AsSpan(20));
        Encoding.Unicode.GetBytes(user, bytes.AsSpan(86));
        Encoding.Unicode.GetBytes(domain, bytes.AsSpan(128));
        return bytes;
    }
}
