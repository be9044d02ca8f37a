using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A person writes to the technician in the surface's window, with real keys.</summary>
public sealed class SurfaceTypingTests
{
    private const string Field = $"chat/{ScriptedAgent.SessionId}/text", Send = $"chat/{ScriptedAgent.SessionId}/send";

    private static readonly SurfaceStatus Written = ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { Chat = [new(ScriptedAgent.Began.AddMinutes(47), true, "May I restart?")] }] };

    [Fact]
    public async Task Line_TypedByAPerson_IsSentByEnterAndOnceOnly()
    {
        await using SurfaceScene scene = await OpenAsync();
        await TypeAsync(scene, "Yes, in 5 minutes: I am \"Ada\" (still saving)!");

        await scene.PersonAsync("key", "Return", "key", "Return");

        Assert.Equal(new SurfaceAction.Say(ScriptedAgent.SessionId, "Yes, in 5 minutes: I am \"Ada\" (still saving)!"), await scene.DoneAsync<SurfaceAction.Say>());
        await Eventually.Is(() => Line(scene).Text == "", "the line is free");
        Assert.Equal(Field, scene.Window.Focus);
        await TypeAsync(scene, "Now.");
        await scene.PersonAsync("key", "KP_Enter");
        await Eventually.Is(() => scene.Agent.Done.Count == 2, "the second is sent");
        Assert.Equal(["Now."], scene.Agent.Done.OfType<SurfaceAction.Say>().Skip(1).Select(say => say.Text));
    }

    [Fact]
    public async Task Line_KeysThatEdit_DoAsEverywhere()
    {
        await using SurfaceScene scene = await OpenAsync();
        await TypeAsync(scene, "bcx");
        await scene.PersonAsync("key", "BackSpace", "key", "Home", "key", "a", "key", "End", "key", "d", "key", "Left", "key", "Left", "key", "Delete", "key", "Right", "key", "BackSpace", "key", "BackSpace", "key", "BackSpace", "key", "e", "key", "space", "key", "f");
        // abcd, c deleted, behind d: back three, nothing is left.
        await Eventually.Is(() => Line(scene) is { Text: "e f", Caret: 3 }, $"the line is edited: {Line(scene).Text}");
        await scene.PersonAsync("key", "ctrl+a", "key", "ctrl+space", "key", "alt+b", "key", "F5");
        await scene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.Window.Focus == Send, "Tab leaves the line");
        Assert.Equal("e f", Line(scene).Text);
        await scene.PersonAsync("key", "Up");
        await Eventually.Is(() => scene.Window.Focus == Field, "Up comes back");
        await scene.PersonAsync("key", "Tab", "key", "space");
        Assert.Equal("e f", (await scene.DoneAsync<SurfaceAction.Say>()).Text);
    }

    [Fact]
    public async Task Line_OtherLayoutWithDeadKeysAndAltGr_WritesItsLetters()
    {
        await using SurfaceScene scene = await OpenAsync();
        await scene.LayOutKeysAsync("de");
        await scene.PersonAsync("key", "z", "key", "adiaeresis", "key", "Udiaeresis", "key", "ssharp", "key", "at", "key", "EuroSign", "key", "dead_acute", "key", "e", "key", "dead_circumflex", "key", "dead_circumflex", "key", "dead_grave", "key", "space");

        await Eventually.Is(() => Line(scene).Text == "zäÜß@€é^`", $"German letters: {Line(scene).Text}");
        await scene.LayOutKeysAsync("ru");
        await scene.PersonAsync("key", "Cyrillic_de", "key", "Cyrillic_A");
        await Eventually.Is(() => Line(scene).Text == "zäÜß@€é^`дА", $"Russian letters: {Line(scene).Text}");
    }

    [Fact]
    public async Task Line_PastedByAPersonsKeysOrMiddleButton_HasWhatWasCopiedOrSelected()
    {
        Programs.Require("xclip");
        await using SurfaceScene scene = await OpenAsync();
        await CopyAsync(scene, "clipboard", "Grüße,\r\n\tAda 東京\n");
        await CopyAsync(scene, "primary", " and selected");
        for (int i = 0; i < 5; i++) await scene.ProgramAsync("key", "ctrl+v", "key", "shift+Insert");
        await TypeAsync(scene, "So: ");
        await scene.PersonAsync("key", "ctrl+v");
        await Eventually.Is(() => Line(scene).Text == "So: Grüße,  Ada 東京", $"what was copied: {Line(scene).Text}");
        await scene.PersonAsync("key", "Home", "key", "shift+Insert");
        await Eventually.Is(() => Line(scene).Text == "Grüße,  Ada 東京So: Grüße,  Ada 東京", $"at the caret: {Line(scene).Text}");

        await scene.PersonAsync("key", "End", "key", "space");
        PixelRect area = scene.Window.Controls.Single(control => control.Id == Field).Area;
        string[] middle = SurfaceScene.At(area with { X = area.X + scene.Window.Area.X, Y = area.Y + scene.Window.Area.Y });
        await scene.ProgramAsync(["mousemove", "5", "5", "mousemove", .. middle, "click", "2"]);
        await scene.PersonAsync(["mousemove", "5", "400", "mousemove", .. middle, "click", "2"]);
        await Eventually.Is(() => Line(scene).Text.EndsWith("東京 and selected", StringComparison.Ordinal), $"what was selected: {Line(scene).Text}");
        Assert.Equal(2, Line(scene).Text.Split("Grüße").Length - 1);
        Assert.Single(Line(scene).Text.Split("selected"), part => part.Length > 0);
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Line_OwnerOfTheTextDoesNotAnswer_TheSurfaceIsShownAllTheSame()
    {
        await using SurfaceScene scene = await OpenAsync();
        await using PrankOwner owner = await PrankOwner.CopyAsync(scene.Inner, OwnerManners.SilentText, "never");
        await scene.FocusAsync(Field);
        await scene.PersonAsync("key", "ctrl+v");
        await Eventually.Is(() => owner.Asked > 0, "the text is asked for");

        int reports = scene.Agent.Reports;
        await Eventually.Is(() => scene.Agent.Reports > reports + 10, "the surface goes on reporting");
        await TypeAsync(scene, "x");
    }

    private static async Task CopyAsync(SurfaceScene scene, string selection, string text)
    {
        System.Diagnostics.Process copying = scene.Inner.Start("xclip", "-quiet", "-selection", selection, "-in");
        await copying.StandardInput.BaseStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
        copying.StandardInput.Close();
        // It fails as long as nobody has copied anything.
        while (await scene.Inner.RunTextAsync("sh", "-c", $"xclip -selection {selection} -out || true") != text) await Task.Delay(20);
    }

    [Fact]
    public async Task Line_ProgramsKeys_WriteAndSendNothing()
    {
        await using SurfaceScene scene = await OpenAsync();
        await TypeAsync(scene, "mine");
        for (int i = 0; i < 10; i++) await scene.ProgramAsync("key", "x", "key", "BackSpace", "key", "Return");
        await scene.PersonAsync("key", "s");

        await Eventually.Is(() => Line(scene).Text == "mines", "only the person's letters stand there");
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Line_WindowThatOpensUnasked_HasNotTheFocus()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, withPerson: true);
        await scene.EnterAsync(() => scene.Look.Window);
        await scene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Window is null, "Escape closes the window");
        scene.Agent.Say(Written);
        await scene.EnterAsync(() => scene.Look.Window is { Name: "chat" } window ? window : null);
        // Whoever was typing elsewhere goes on for a moment.
        await scene.PersonAsync("type", "--delay", "5", "my password\n");
        await scene.PersonAsync("key", "Down");
        await Eventually.Is(() => scene.Window.Focus != "page/chat", "the keys have come");

        Assert.Equal("", Line(scene).Text);
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Line_ClickedAndSentByButton_OrNotSent_ComesBack()
    {
        await using SurfaceScene scene = await OpenAsync();
        await scene.FocusAsync("page/chat");
        await ClickAsync(scene, Field);
        await Eventually.Is(() => scene.Window.Focus == Field, "a click gives the line the keyboard");
        Assert.Empty(scene.Agent.Done);
        await ClickAsync(scene, Send);
        await Eventually.Is(() => scene.Window.Focus == Send, "nothing is sent of an empty line");
        await TypeAsync(scene, "   ");
        await scene.PersonAsync("key", "Return");
        await scene.PersonAsync("key", "End", "key", "BackSpace", "key", "BackSpace", "key", "BackSpace");
        await Eventually.Is(() => Line(scene).Text == "", "the spaces are gone");
        Assert.Empty(scene.Agent.Done);
        scene.Agent.Answer = _ => new SurfaceException("The session is over.");
        await TypeAsync(scene, "too late");
        await ClickAsync(scene, Send);

        Assert.Equal("too late", (await scene.DoneAsync<SurfaceAction.Say>()).Text);
        await Eventually.Is(() => Line(scene).Text == "too late", "what was not sent stands there again");
    }

    [Fact]
    public async Task Line_Long_StaysInTheFieldWithTheCaretInView()
    {
        await using SurfaceScene scene = await OpenAsync();
        string words = string.Concat(Enumerable.Repeat("Wide ", 40));
        await TypeAsync(scene, words);
        Control field = Found(scene);
        Assert.Equal(words.Length, field.Text!.Caret);
        Assert.EndsWith(field.Lines[0], words, StringComparison.Ordinal);
        Assert.Equal(field.Lines[0].Length, field.Caret);
        Assert.InRange(field.Lines[0].Length, 20, 120);
        await scene.PersonAsync("key", "Home");
        await Eventually.Is(() => Found(scene) is { Caret: 0 } start && words.StartsWith(start.Lines[0], StringComparison.Ordinal) && start.Lines[0].Length > 20, "its beginning is in view");
    }

    [Theory]
    [InlineData("a\u0007b")]
    [InlineData("\u202e")]
    [InlineData("a\nb")]
    [InlineData("\u2028")]
    [InlineData("\ue000")]
    [InlineData("\ud83d")]
    [InlineData("")]
    public void TryWrite_WhatSteersOrCannotBeSeen_IsRefused(string text)
    {
        var line = new TextLine(100);
        Assert.True(line.TryWrite("ok"));

        Assert.False(line.TryWrite(text));
        Assert.Equal(("ok", 2), (line.Text, line.Caret));
    }

    [Fact]
    public void TextLine_AtItsBound_TakesNoMore()
    {
        var line = new TextLine(10);
        Assert.True(line.TryWrite("12345678"));
        Assert.False(line.TryWrite("€"));
        Assert.True(line.TryWrite("ü"));
        Assert.False(line.TryWrite("x"));
        Assert.Equal("12345678ü", line.Text);
    }

    [Fact]
    public void TextLine_KeysOfChance_NeverLeaveAHalfCharacter()
    {
        var random = new Random(7);
        string[] texts = ["a", "é", "e\u0301", "🙂", "👩\u200d👩", "가", "\u0301", "x"];
        SheetKey[] keys = Enum.GetValues<SheetKey>();
        for (int round = 0; round < 200; round++)
        {
            var line = new TextLine(60);
            for (int step = 0; step < 100; step++)
            {
                if (random.Next(2) == 0) line.TryWrite(texts[random.Next(texts.Length)]);
                else line.TryMove(keys[random.Next(keys.Length)]);
                Assert.InRange(line.Caret, 0, line.Text.Length);
                Assert.True(System.Text.Encoding.UTF8.GetByteCount(line.Text) <= 60);
                Assert.True(line.Text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar));
                Assert.False(line.Caret > 0 && line.Caret < line.Text.Length && char.IsLowSurrogate(line.Text[line.Caret]));
                (string shown, int caret) = TextWrap.Around(line.Text, line.Caret, LetterStyle.Body, 50, new EvenLetters());
                Assert.True(shown.Length * 10 <= 50 || shown.Length <= 2, shown);
                Assert.Equal(line.Text.AsSpan(line.Caret - caret, shown.Length).ToString(), shown);
            }
        }
    }

    [Theory]
    [InlineData(0x1b1, "ą")]
    [InlineData(0x1ff, "˙")]
    [InlineData(0x6c4, "д")]
    [InlineData(0x7e1, "α")]
    [InlineData(0x13bd, "œ")]
    [InlineData(0xffb4, "4")]
    [InlineData(0xffae, ".")]
    [InlineData(0x1001e9e, "ẞ")]
    [InlineData(0xff08, null)]
    [InlineData(0xff0d, null)]
    [InlineData(0xffe1, null)]
    [InlineData(0x100d800, null)]
    public void KeyLetters_AKeysym_IsItsCharacter(uint keysym, string? expected) => Assert.Equal(expected, new KeyLetters().Read(keysym));

    private static async Task<SurfaceScene> OpenAsync()
    {
        SurfaceScene scene = await SurfaceScene.OpenAsync(Written, withPerson: true, options: options => options with { OpenWindow = true });
        await scene.EnterAsync(() => scene.Look.Window);
        if (scene.Window.Name != "chat") await scene.PressAsync("page/chat");
        await Eventually.Is(() => scene.Window.Name == "chat", "the page with the chat");
        await scene.FocusAsync(Field);
        return scene;
    }

    private static Control Found(SurfaceScene scene) => scene.Window.Controls.Single(control => control.Id == Field);

    private static TextLine Line(SurfaceScene scene) => Found(scene).Text!;

    private static async Task TypeAsync(SurfaceScene scene, string text)
    {
        if (scene.Window.Focus != Field) await scene.FocusAsync(Field);
        string before = Line(scene).Text;
        await scene.PersonAsync("type", "--delay", "5", text);
        await Eventually.Is(() => Line(scene).Text == before + text, $"what was typed stands there: {Line(scene).Text}");
    }

    private static async Task ClickAsync(SurfaceScene scene, string control)
    {
        PixelRect area = scene.Window.Controls.Single(one => one.Id == control).Area;
        string x = (scene.Window.Area.X + area.X + 30).ToString(CultureInfo.InvariantCulture), y = (scene.Window.Area.Y + area.Y + (area.Height / 2)).ToString(CultureInfo.InvariantCulture);
        await scene.PersonAsync("mousemove", "5", "400", "mousemove", x, y, "click", "1");
    }

    /// <summary>Ten pixels each.</summary>
    private sealed class EvenLetters : ITextMeasure
    {
        public int Width(string text, LetterStyle style) => text.Length * 10;

        public (int Ascent, int Height) Line(LetterStyle style) => (8, 10);
    }
}
