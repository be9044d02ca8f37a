using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class AccessCodeTests
{
    [Fact]
    public void Generate_ManyCodes_AreCrockfordAndUseTheWholeAlphabet()
    {
        var seen = new HashSet<char>();
        var codes = new HashSet<string>();
        for (int i = 0; i < 500; i++)
        {
            using AccessCode code = AccessCode.Generate();
            string text = Encoding.ASCII.GetString(code.Canonical);
            Assert.Matches("^[0-9A-HJKMNP-TV-Z]{20}$", text);
            seen.UnionWith(text);
            Assert.True(codes.Add(text));
        }

        Assert.Equal(32, seen.Count);
    }

    [Fact]
    public void WriteDisplay_GeneratedCode_ShowsFourGroupsThatReadBack()
    {
        using AccessCode code = AccessCode.Generate();
        char[] shown = new char[AccessCode.DisplayLength];

        code.WriteDisplay(shown);

        Assert.Matches("^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$", new string(shown));
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead(shown, AccessCodeKind.Generated, out AccessCode? read));
        Assert.Equal(code.Canonical.ToArray(), read?.Canonical.ToArray());
    }

    [Theory]
    [InlineData("7K3MW-0QXN4-TZ9HC-E5RVA")]
    [InlineData(" 7k3mw 0qxn4 tz9hc e5rva\r\n")]
    [InlineData("7K3MWOQXN4TZ9HCE5RVA")]
    [InlineData("7k3mwoqxn4-tz9hce5rva")]
    public void TryRead_WhatAPersonMayType_IsTheCanonicalCodeOfTheVectors(string typed)
    {
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead(typed, AccessCodeKind.Generated, out AccessCode? code));
        Assert.Equal("7K3MW0QXN4TZ9HCE5RVA"u8.ToArray(), code?.Canonical.ToArray());
    }

    [Fact]
    public void TryRead_IAndL_AreOne()
    {
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead("IiLl1-00000-00000-00000", AccessCodeKind.Generated, out AccessCode? code));
        Assert.Equal("11111000000000000000"u8.ToArray(), code?.Canonical.ToArray());
    }

    [Theory]
    [InlineData("7K3MW-0QXN4-TZ9HC-E5RV", AccessCodeProblem.TooShort)]
    [InlineData("7K3MW-0QXN4-TZ9HC-E5RVAA", AccessCodeProblem.TooLong)]
    [InlineData("7K3MW-0QXN4-TZ9HC-E5RVU", AccessCodeProblem.NotACodeCharacter)]
    [InlineData("7K3MW-0QXN4-TZ9HC-E5RV\u0660", AccessCodeProblem.NotACodeCharacter)]
    [InlineData("7K3MW-0QXN4-TZ9HC-E5RV\u0131", AccessCodeProblem.NotACodeCharacter)]
    [InlineData("", AccessCodeProblem.TooShort)]
    public void TryRead_NotAGeneratedCode_SaysWhy(string typed, AccessCodeProblem problem)
    {
        Assert.Equal(problem, AccessCode.TryRead(typed, AccessCodeKind.Generated, out AccessCode? code));
        Assert.Null(code);
    }

    [Fact]
    public void TryRead_ComposedAndDecomposedFreeText_IsTheSameCode()
    {
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead("Grüße vom Zahnarzt 27", AccessCodeKind.FreeText, out AccessCode? composed));
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead("Gru\u0308ße vom Zahnarzt 27", AccessCodeKind.FreeText, out AccessCode? decomposed));
        Assert.Equal("Grüße vom Zahnarzt 27"u8.ToArray(), composed?.Canonical.ToArray());
        Assert.Equal(composed?.Canonical.ToArray(), decomposed?.Canonical.ToArray());
    }

    [Theory]
    [InlineData("k7#Qw9x", AccessCodeProblem.TooShort)]
    [InlineData("k7#Qw9xT2mP\n", AccessCodeProblem.NotText)]
    [InlineData("k7#Qw9xT2mP\u0085z", AccessCodeProblem.NotText)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa", AccessCodeProblem.TooWeak)]
    [InlineData("123456789012345678901234", AccessCodeProblem.TooWeak)]
    [InlineData("qwertyuiop1234567890", AccessCodeProblem.TooWeak)]
    [InlineData("passwordpassword", AccessCodeProblem.TooWeak)]
    [InlineData("Password12345", AccessCodeProblem.TooWeak)]
    [InlineData("password manager", AccessCodeProblem.TooWeak)]
    [InlineData("letmeinletmeinletmein", AccessCodeProblem.TooWeak)]
    [InlineData("abcdefghijklmnopqrstuvwxyz", AccessCodeProblem.TooWeak)]
    [InlineData("1q2w3e4r5t6y7u", AccessCodeProblem.TooWeak)]
    [InlineData("1Q2W3E4R5T6Y7U8I", AccessCodeProblem.TooWeak)]
    [InlineData("z1q2w3e4r5t6y7uz", AccessCodeProblem.TooWeak)]
    [InlineData("k7#Qw9xT2mPz", AccessCodeProblem.None)]
    [InlineData("correct horse battery staple", AccessCodeProblem.None)]
    [InlineData("漢字仮名交文章秘密", AccessCodeProblem.None)]
    public void TryRead_FreeText_IsTakenOnlyWhenHardToGuess(string typed, AccessCodeProblem problem)
    {
        Assert.Equal(problem, AccessCode.TryRead(typed, AccessCodeKind.FreeText, out AccessCode? code));
        Assert.Equal(problem == AccessCodeProblem.None, code is not null);
    }

    [Fact]
    public void TryRead_HalfACharacter_IsNotText() =>
        Assert.Equal(AccessCodeProblem.NotText, AccessCode.TryRead("k7#Qw9xT2mP" + (char)0xD83D, AccessCodeKind.FreeText, out _));

    [Fact]
    public void TryRead_FreeTextOf128Bytes_IsTheLongest()
    {
        string longest = string.Concat(Enumerable.Range(0, 32).Select(i => $"{(char)('!' + i % 15)}{i:00}z"));

        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead(longest, AccessCodeKind.FreeText, out _));
        Assert.Equal(AccessCodeProblem.TooLong, AccessCode.TryRead(longest + "9", AccessCodeKind.FreeText, out _));
        Assert.Equal(AccessCodeProblem.TooLong, AccessCode.TryRead(new string('x', 5000), AccessCodeKind.FreeText, out _));
    }

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void TryRead_ArbitraryText_NeverThrows() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        _ = AccessCode.TryRead(text ?? "", AccessCodeKind.FreeText, out _);
        _ = AccessCode.TryRead(text ?? "", AccessCodeKind.Generated, out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Dispose_Code_IsZeroed()
    {
        AccessCode code = AccessCode.Generate();

        code.Dispose();

        Assert.True(code.Canonical.SequenceEqual(new byte[20]));
    }

    [Fact]
    public void MakeVerifier_CodeOfAnotherKind_Throws()
    {
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead("k7#Qw9xT2mPz", AccessCodeKind.FreeText, out AccessCode? code));

        Assert.Throws<ArgumentException>(() => code?.MakeVerifier(GrantSamples.Valid()));
    }

    [Fact]
    public void MakeVerifier_SameCodeAndGrant_IsTheVerifierOfTheSecret()
    {
        Grant grant = GrantSamples.Valid();
        using AccessCode code = AccessCode.Generate();
        using AccessVerifier verifier = code.MakeVerifier(grant);
        using AccessSecret secret = code.MakeSecret(grant);

        using AccessVerifier fromSecret = secret.ToVerifier();

        Assert.Equal(verifier.W0, fromSecret.W0);
        Assert.Equal(verifier.L, fromSecret.L);
    }
}
