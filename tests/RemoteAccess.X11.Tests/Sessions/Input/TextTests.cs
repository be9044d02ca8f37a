using System.Globalization;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class TextTests
{
    private const uint Lock = 2, NumLock = 16;
    private const string Sample = "The quick brown fox, 0123456789!\n€ä漢😀 ÄÖÜß ñ Ελληνικά Кириллица →∞ „x“\n~`!@#$%^&*()_+-={}[]|\\:;\"'<>?,./\n";

    [Theory]
    [InlineData("us", 0u)]
    [InlineData("us", Lock)]
    [InlineData("us", Lock | NumLock)]
    [InlineData("de", 0u)]
    [InlineData("de", Lock)]
    [InlineData("ru", NumLock)]
    [InlineData("fr", Lock)]
    public async Task Text_UnderAnyLayoutAndLocks_ArrivesExactlyInXterm(string layout, uint locks)
    {
        Programs.Require("setxkbmap");
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await server.RunAsync("setxkbmap", layout);
        client.LockModifiers(locks);
        client.Sync();
        await using Typist typist = await Typist.StartAsync(server);

        await typist.TypeAsync(Sample);

        await typist.HasTypedAsync(Sample);
        Assert.Equal(Sample, typist.Typed);
        Assert.Equal(locks, client.ReadKeyboardState().LockedModifiers);
        Assert.False(client.IsAnyKeyDown);
    }

    [Fact]
    public async Task Text_Of500RandomCharacters_ArrivesExactlyAndTheMappingIsRestored()
    {
        Programs.Require("xmodmap", "xkbcomp");
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        ulong[] mapping = client.ReadMapping();
        string listing = await server.RunTextAsync("xmodmap", "-pke"), description = await server.RunTextAsync("xkbcomp", server.Display, "-");
        string text = RandomCharacters(500, 42);
        await using (Typist typist = await Typist.StartAsync(server))
        {
            string typed = "";
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                typed += line + "\n";
                await typist.TypeAsync(line + "\n");
                await typist.HasTypedAsync(typed);
                Assert.Equal(typed, typist.Typed);
            }
            Assert.Equal(text, typist.Typed);
            Assert.NotEqual(mapping, client.ReadMapping());
        }

        Assert.Equal(mapping, client.ReadMapping());
        Assert.Equal(listing, await server.RunTextAsync("xmodmap", "-pke"));
        Assert.Equal(description, await server.RunTextAsync("xkbcomp", server.Display, "-"));
        Assert.False(client.IsAnyKeyDown);
    }

    [Fact]
    public async Task LentKeycodes_AfterARest_AreTakenBackWhileTheInputStaysOpen()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        ulong[] mapping = client.ReadMapping();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.Text(new Rune('漢')), default);
        Assert.NotEqual(mapping, client.ReadMapping());

        await Eventually.Is(() => client.ReadMapping().AsSpan().SequenceEqual(mapping), "the mapping is back");
    }

    [Fact]
    public async Task Text_WhileTheLayoutChanges_FollowsIt()
    {
        Programs.Require("setxkbmap");
        await using XServer server = await XServer.StartXvfbAsync();
        await using Typist typist = await Typist.StartAsync(server);
        await typist.TypeAsync("zy;ö\n");
        await server.RunAsync("setxkbmap", "de");
        await typist.TypeAsync("zy;ö\n");
        await server.RunAsync("setxkbmap", "us");
        await typist.TypeAsync("zy;ö\n");

        await typist.HasTypedAsync("zy;ö\nzy;ö\nzy;ö\n");

        Assert.Equal("zy;ö\nzy;ö\nzy;ö\n", typist.Typed);
    }

    private static string RandomCharacters(int count, int seed)
    {
        Random random = new(seed);
        StringBuilder text = new();
        for (int i = 1; i <= count;)
        {
            char candidate = (char)random.Next(0x20, 0x10000);
            bool isVisible = CharUnicodeInfo.GetUnicodeCategory(candidate) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.MathSymbol or UnicodeCategory.OtherSymbol or UnicodeCategory.OtherPunctuation;
            if (!isVisible) continue;
            text.Append(candidate);
            if (i++ % 50 == 0) text.Append('\n');
        }
        return text.ToString();
    }
}
