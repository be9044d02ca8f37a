using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What is asked of LogonUser and what is made of its answers, against a stand-in: Wine's takes any password.</summary>
public sealed class WindowsAccountCheckTests
{
    [Theory]
    [InlineData(0, AccountAnswer.Accepted)]
    [InlineData(1326, AccountAnswer.WrongCredentials)]
    [InlineData(1317, AccountAnswer.WrongCredentials)]
    [InlineData(1330, AccountAnswer.Expired)]
    [InlineData(1907, AccountAnswer.Expired)]
    [InlineData(1793, AccountAnswer.Expired)]
    [InlineData(1331, AccountAnswer.NotAllowed)]
    [InlineData(1909, AccountAnswer.NotAllowed)]
    [InlineData(1328, AccountAnswer.NotAllowed)]
    [InlineData(1329, AccountAnswer.NotAllowed)]
    [InlineData(1327, AccountAnswer.NotAllowed)]
    [InlineData(1385, AccountAnswer.NotAllowed)]
    [InlineData(1311, AccountAnswer.Unavailable)]
    [InlineData(5, AccountAnswer.Unavailable)]
    [InlineData(-1, AccountAnswer.Unavailable)]
    public async Task Check_EveryAnswer_MeansWhatWindowsSays(int error, AccountAnswer expected) =>
        Assert.Equal(expected, await new WindowsAccountCheck((_, _, _) => error).CheckAsync("erika", "x"u8.ToArray(), TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("erika", "erika", ".")]
    [InlineData(@"CONTOSO\erika", "erika", "CONTOSO")]
    [InlineData("erika@contoso.example", "erika@contoso.example", null)]
    public async Task Check_Name_IsTakenApart(string account, string user, string? domain)
    {
        (string, string?, string) asked = default;
        WindowsAccountCheck check = new((name, where, password) =>
        {
            asked = (name, where, new string(password));
            return 0;
        });

        Assert.Equal(AccountAnswer.Accepted, await check.CheckAsync(account, Encoding.UTF8.GetBytes("Hühnersuppe"), TestContext.Current.CancellationToken));
        Assert.Equal((user, domain, "Hühnersuppe\0"), asked);
    }

    [Fact]
    public async Task Check_WhatCWouldCut_IsWrongAndNotAsked()
    {
        WindowsAccountCheck check = new((_, _, _) => throw new InvalidOperationException("It was asked."));
        foreach ((string user, byte[] password) in ((string, byte[])[])[("erika\0x", [65]), ("erika", []), ("erika", [65, 0, 66])])
            Assert.Equal(AccountAnswer.WrongCredentials, await check.CheckAsync(user, password, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await check.CheckAsync("erika", "x"u8.ToArray(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Check_RealLogonUser_AnswersSomething() =>
        Assert.True(Enum.IsDefined(await new WindowsAccountCheck().CheckAsync("nobody-of-this-name", "wrong"u8.ToArray(), TestContext.Current.CancellationToken)));
}
