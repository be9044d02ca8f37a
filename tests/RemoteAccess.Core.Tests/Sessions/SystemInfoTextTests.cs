using RemoteAccess.Sessions;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

public sealed class SystemInfoTextTests
{
    [Theory]
    [InlineData("  Debian\n13\u001b[0m ", "Debian13[0m")]
    [InlineData("a\u202Eb\0c", "abc")]
    [InlineData(null, "")]
    public void Plain_WhatIsNoText_IsLeftOut(string? text, string expected) => Assert.Equal(expected, SystemInfoText.Plain(text));

    [Fact]
    public void Plain_TooLong_IsCutBetweenCharacters() => Assert.Equal(new string('ä', 64), SystemInfoText.Plain(new string('ä', 100)));

    [Fact]
    public void Shorten_LargestAnswer_FitsIntoAMessageAndIsSound()
    {
        string text = new('x', SystemInfoText.MaxBytes);
        var answer = new SystemInfoAnswer { System = text, Kernel = text, Processor = text, ComputerName = text, TimeZone = text };
        for (int i = 0; i < SystemInfoText.MaxDisks; i++) answer.Disks.Add(new DiskFacts { Name = text, Format = text, TotalBytes = long.MaxValue, FreeBytes = long.MaxValue });
        for (int i = 0; i < SystemInfoText.MaxNetworks; i++) answer.Networks.Add(new NetworkFacts { Name = text, Addresses = { text, text, text, text, text, text } });
        for (int i = 0; i < SystemInfoText.MaxUsers; i++) answer.Users.Add(text);

        SystemInfoText.Shorten(answer);

        Assert.InRange(answer.CalculateSize(), SystemInfoText.MaxAnswer / 2, SystemInfoText.MaxAnswer);
        Assert.True(SystemInfoText.IsSound(answer));
        answer.Users.Add("one more");
        Assert.False(SystemInfoText.IsSound(answer));
    }
}
