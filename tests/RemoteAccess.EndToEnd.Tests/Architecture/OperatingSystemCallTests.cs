using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace RemoteAccess.Tests.Architecture;

/// <summary>What belongs to one operating system stays in its package: Core calls no library of it (docs/decisions/0005).</summary>
public sealed class OperatingSystemCallTests
{
    private static readonly Dictionary<string, string[]> AllowedLibraries = new(StringComparer.Ordinal)
    {
        // sas.dll need not be there, and is loaded by hand from the system's folder. ntdll names an open file in an open folder, for which kernel32 takes a path.
        ["RemoteAccess.Windows"] = ["advapi32", "crypt32", "d3d11", "dwmapi", "dxgi", "gdi32", "imm32", "kernel32", "ntdll", "oleaut32", "shcore", "shell32", "uiautomationcore", "user32", "userenv", "wtsapi32"],
        // libX11-xcb and libxcb-shm ask for several parts of a frame before the first answer; libXi alone tells a person's input from injected input; libXft, and libXrender below it, draw the prompt's letters; libpam checks credentials.
        ["RemoteAccess.X11"] = ["libc", "libX11", "libX11-xcb", "libxcb-shm", "libXext", "libXtst", "libXdamage", "libXfixes", "libXrandr", "libXi", "libXft", "libXrender", "libpam"],
        ["RemoteAccess.Testing"] = [],
        ["RemoteAccess.Broker"] = [],
    };

    public static TheoryData<string> Products => ProductAssemblies.AsTheory;

    [Fact]
    public void Core_NativeCalls_AreNone() => Assert.Empty(NativeCalls(ProductAssemblies.PathOf("RemoteAccess.Core")));

    [Theory]
    [MemberData(nameof(Products))]
    public void PlatformPackage_NativeLibraries_AreThoseOfItsPlatform(string name)
    {
        if (AllowedLibraries.TryGetValue(name, out var allowed))
        {
            Assert.Empty(NativeCalls(ProductAssemblies.PathOf(name)).Select(call => call.Split('!')[0]).Distinct().Except(allowed));
        }
    }

    [Fact]
    public void NativeCalls_AssemblyThatHasSome_AreFound() => Assert.Contains("libc!getpid", NativeCalls(typeof(OperatingSystemCallTests).Assembly.Location));

    // Loading a library by hand would pass the metadata unseen.
    [Fact]
    public void Core_LibrariesLoadedByHand_AreNone()
    {
        var offences = RepositoryTree.Files("src/RemoteAccess.Core", "*.cs")
            .Where(path => CSharpText.CodeOnly(RepositoryTree.Read(path)).Contains("NativeLibrary", StringComparison.Ordinal));

        Assert.Empty(offences);
    }

    // BouncyCastle has advisories that do not concern what is used here; that stays true only while its use stays small.
    [Fact]
    public void BouncyCastle_IsUsed_OnlyInTheChannelAndKeyHandling()
    {
        string[] allowed = ["src/RemoteAccess.Core/Transport/SecureChannel/", "src/RemoteAccess.Core/Trust/AccessCodes/", "src/RemoteAccess.Core/Trust/Keys/"];
        var offences = RepositoryTree.Files("src", "*.cs")
            .Where(path => CSharpText.CodeOnly(RepositoryTree.Read(path)).Contains("Org.BouncyCastle", StringComparison.Ordinal))
            .Where(path => !allowed.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)));

        Assert.Empty(offences);
    }

    [Theory]
    [InlineData("Crypto.Tls")]
    [InlineData("Tls")]
    [InlineData("X509")]
    [InlineData("Pkix")]
    [InlineData("Math.EC.Rfc8032")]
    [InlineData("Crypto.Encodings")]
    public void BouncyCastle_PartsThatAdvisoriesConcern_AreNotUsed(string part)
    {
        var offences = RepositoryTree.Files("src", "*.cs")
            .Where(path => CSharpText.CodeOnly(RepositoryTree.Read(path)).Contains($"Org.BouncyCastle.{part}", StringComparison.Ordinal));

        Assert.Empty(offences);
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "getpid")]
    [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
    private static extern int ProcessId();

    private static List<string> NativeCalls(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return [.. metadata.MethodDefinitions
            .Select(handle => metadata.GetMethodDefinition(handle).GetImport())
            .Where(import => !import.Module.IsNil)
            .Select(import => $"{LibraryName(metadata.GetString(metadata.GetModuleReference(import.Module).Name))}!{metadata.GetString(import.Name)}")
            .Distinct()];
    }

    // libX11.so.6, libX11.so and libX11 are one library.
    private static string LibraryName(string module) => module.Split(".so")[0];
}
