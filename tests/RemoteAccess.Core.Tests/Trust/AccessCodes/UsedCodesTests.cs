using System.Runtime.Versioning;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class UsedCodesTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"ra-codes-{Guid.NewGuid():N}");

    // Not a temporary directory of .NET's, which Wine opens to everybody.
    public UsedCodesTests() => PrivateFile.CreateDirectory(root);
    private readonly byte[] first = [4, .. Enumerable.Repeat((byte)1, 64)], second = [4, .. Enumerable.Repeat((byte)2, 64)];

    private string Used => Path.Combine(root, "codes.used");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void TryClaim_SameCode_IsForOneComputerOnly()
    {
        using AccessCode code = Typed("Kranich-77-Laterne-!?-Moor"), other = Typed("Kranich-77-Laterne-!?-Moos");

        Assert.True(UsedCodes.Open(root).TryClaim(code, first));
        Assert.True(UsedCodes.Open(root).TryClaim(code, first));
        Assert.False(UsedCodes.Open(root).TryClaim(code, second));
        Assert.True(UsedCodes.Open(root).TryClaim(other, second));
        Assert.False(UsedCodes.Open(root).TryClaim(other, first));
        Assert.Equal(8 + 2 * 64 + 32, new FileInfo(Used).Length);
    }

    [Fact]
    public void TryClaim_GeneratedCodeTypedAsFreeText_IsTheSameCode()
    {
        using AccessCode generated = AccessCode.Generate();
        char[] display = new char[AccessCode.DisplayLength];
        generated.WriteDisplay(display);
        Assert.True(UsedCodes.Open(root).TryClaim(generated, first));

        using AccessCode typed = Typed(new string(display).ToLowerInvariant());
        Assert.False(UsedCodes.Open(root).TryClaim(typed, second));
    }

    [Fact]
    public void TryClaim_OtherDirectory_HasAnotherKeyAndKnowsNothing()
    {
        string elsewhere = Path.Combine(root, "elsewhere");
        PrivateFile.CreateDirectory(elsewhere);
        using AccessCode code = Typed("Kranich-77-Laterne-!?-Moor");

        Assert.True(UsedCodes.Open(root).TryClaim(code, first));
        Assert.True(UsedCodes.Open(elsewhere).TryClaim(code, second));

        byte[] here = File.ReadAllBytes(Used), there = File.ReadAllBytes(Path.Combine(elsewhere, "codes.used"));
        Assert.NotEqual(here[8..40], there[8..40]);
        Assert.DoesNotContain("Kranich", Encoding.Latin1.GetString(here), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Files_AfterAClaim_AreForThisAccountOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the directory's access list decides.");
        using AccessCode code = Typed("Kranich-77-Laterne-!?-Moor");
        UsedCodes.Open(root).TryClaim(code, first);

        Assert.All(Directory.GetFiles(root), file => Assert.Equal(PrivateFile.FileMode, File.GetUnixFileMode(file)));
        Assert.Equal(["codes.key", "codes.lock", "codes.used"], Directory.GetFiles(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("byte")]
    [InlineData("cut")]
    [InlineData("long")]
    [InlineData("empty")]
    [InlineData("key gone")]
    [InlineData("key short")]
    public void TryClaim_DamagedFiles_RefusesAndForgetsNothing(string damage)
    {
        using AccessCode code = Typed("Kranich-77-Laterne-!?-Moor");
        UsedCodes.Open(root).TryClaim(code, first);
        byte[] file = File.ReadAllBytes(Used);
        string key = Path.Combine(root, "codes.key");
        switch (damage)
        {
            case "byte": file[20] ^= 1; break;
            case "cut": file = file[..^1]; break;
            case "long": file = [.. file, .. new byte[64]]; break;
            case "empty": file = []; break;
            case "key gone": File.Delete(key); break;
            default: File.WriteAllBytes(key, new byte[31]); break;
        }
        File.WriteAllBytes(Used, file);

        StateException refused = Assert.Throws<StateException>(() => UsedCodes.Open(root).TryClaim(code, second));

        Assert.Equal(damage == "key gone" ? StateError.Missing : StateError.Corrupted, refused.Error);
        Assert.Equal(file, File.ReadAllBytes(Used));
        Assert.Equal(damage != "key gone", File.Exists(key));
    }

    private static AccessCode Typed(string text)
    {
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead(text, AccessCodeKind.FreeText, out AccessCode? code));
        return code ?? throw new InvalidOperationException("Taken, and not there.");
    }
}
