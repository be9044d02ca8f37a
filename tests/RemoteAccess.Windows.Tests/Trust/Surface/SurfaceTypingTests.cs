using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A person writes to the technician in the surface's window, with keys of the X server, which Wine takes for a keyboard's.</summary>
[Collection(OneDesktop.Name)]
public sealed class SurfaceTypingTests
{
    private const char Mark = 'x';
    private const string Field = $"chat/{ScriptedAgent.SessionId}/text", Send = $"chat/{ScriptedAgent.SessionId}/send";
    private const uint KeyDown = 0x100;

    private static readonly SurfaceStatus Written = ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { Chat = [new(ScriptedAgent.Began.AddMinutes(47), true, "May I restart?")] }] };

    [Fact]
    public async Task Line_TypedByAPerson_IsSentByEnterAndOnceOnly()
    {
        await using SurfaceScene scene = await OpenAsync();
        await TypeAsync(scene, "Yes, in 5 minutes: I am \"Ada\" (still saving)!");
        await Eventually.Is(() => scene.Automation.Shown!.Elements.Any(static one => one is { Id: Field, Role: ReadRole.Field } && one.Name.EndsWith("(still saving)!", StringComparison.Ordinal)), "a screen reader gets it too");

        await SurfaceScene.PersonAsync("key", "Return", "key", "Return");

        Assert.Equal(new SurfaceAction.Say(ScriptedAgent.SessionId, "Yes, in 5 minutes: I am \"Ada\" (still saving)!"), await scene.DoneAsync<SurfaceAction.Say>());
        await Eventually.Is(() => Line(scene).Text == "", "the line is free");
        Assert.Equal(Field, scene.Window.Focus);
        await TypeAsync(scene, "Now.");
        await SurfaceScene.PersonAsync("key", "KP_Enter");
        await Eventually.Is(() => scene.Agent.Done.Count == 2, "the second is sent");
        Assert.Equal(["Now."], scene.Agent.Done.OfType<SurfaceAction.Say>().Skip(1).Select(static say => say.Text));
    }

    [Fact]
    public async Task Line_KeysThatEdit_DoAsEverywhere()
    {
        await using SurfaceScene scene = await OpenAsync();
        await TypeAsync(scene, "bcx");
        foreach (string key in (string[])["BackSpace", "Home", "a", "End", "d", "Left", "Left", "Delete", "Right", "BackSpace", "BackSpace", "BackSpace", "e", "space", "f"]) await SurfaceScene.PersonAsync("key", key);
        // abcd, c deleted, behind d: back three, nothing is left.
        await Eventually.Is(() => Line(scene) is { Text: "e f", Caret: 3 }, $"the line is edited: {Line(scene).Text}");
        foreach (string key in (string[])["ctrl+a", "ctrl+space", "alt+b", "F5"]) await PressWithoutEffectAsync(scene, key);
        await SurfaceScene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.Window.Focus == Send, "Tab leaves the line");
        Assert.Equal("e f", Line(scene).Text);
        await SurfaceScene.PersonAsync("key", "space");
        Assert.Equal("e f", (await scene.DoneAsync<SurfaceAction.Say>()).Text);
    }

    [Fact]
    public async Task Line_ProgramsKeysAndMessages_WriteAndSendNothing()
    {
        await using SurfaceScene scene = await OpenAsync();
        await TypeAsync(scene, "a");
        nint window = (nint)scene.Window.Window;
        long ignored = scene.Look.Ignored;
        for (int i = 0; i < 20; i++)
        {
            Prank.Key(0x42);
            Prank.Key(0x0D);
            Prank.Key(0x08);
            _ = Prank.PostMessageW(window, KeyDown, 0x43, 0x002E0001);
            _ = Prank.PostMessageW(window, Prank.Char, 'd', 0x00200001);
            _ = Prank.SendMessageW(window, KeyDown, 0x43, 0x002E0001);
            _ = Prank.SendMessageW(window, Prank.Char, 'd', 0x00200001);
        }
        await Eventually.Is(() => scene.Look.Ignored >= ignored + 60, "a program's keys are seen, and none");
        Assert.Equal("a", Line(scene).Text);
        Assert.Empty(scene.Agent.Done);

        await TypeAsync(scene, "e");
        await SurfaceScene.PersonAsync("key", "Return");

        Assert.Equal("ae", (await scene.DoneAsync<SurfaceAction.Say>()).Text);
    }

    [Fact]
    public async Task Line_PastedByAPersonsKeys_HasWhatWasCopiedAtTheCaret()
    {
        await using SurfaceScene scene = await OpenAsync();
        ClipboardOwner.Copy("Grüße,\r\n\tAda 東京\r\n");
        await TypeAsync(scene, "So: ");
        await SurfaceScene.PersonAsync("key", "ctrl+v");
        await Eventually.Is(() => Line(scene).Text == "So: Grüße,  Ada 東京", $"what was copied: {Line(scene).Text}");
        await SurfaceScene.PersonAsync("key", "Home", "key", "shift+Insert");
        await Eventually.Is(() => Line(scene) is { Text: "Grüße,  Ada 東京So: Grüße,  Ada 東京", Caret: 14 }, $"at the caret: {Line(scene).Text}");

        // Neither what steers, nor more than there is room for, nor what a password manager marked.
        ClipboardOwner.Copy("a\u001bb");
        await PasteAndTypeAsync(scene, "1");
        ClipboardOwner.Copy("a\u202eb");
        await PasteAndTypeAsync(scene, "2");
        ClipboardOwner.Copy(new string('x', 1000));
        await PasteAndTypeAsync(scene, "3");
        ClipboardOwner.Copy("secret", ("ExcludeClipboardContentFromMonitorProcessing", [0]));
        await PasteAndTypeAsync(scene, "4");
        Assert.Equal("Grüße,  Ada 東京1234So: Grüße,  Ada 東京", Line(scene).Text);
        Assert.Empty(scene.Agent.Done);
    }

    /// <summary>A technician has keyboard and mouse, and may hold Ctrl while the customer types.</summary>
    [Fact]
    public async Task Line_ProgramsKeysOrModifiers_PasteNothing()
    {
        const ushort control = 0x11, letter = 0x56, insert = 0x2D, shift = 0x10;
        await using SurfaceScene scene = await OpenAsync();
        ClipboardOwner.Copy("copied");
        uint copies = User32Clipboard.GetClipboardSequenceNumber();
        await TypeAsync(scene, "a");
        long counted = scene.Look.Counted;
        foreach ((ushort held, ushort key, string persons) in ((ushort, ushort, string)[])[(control, letter, "v"), (shift, insert, "Insert")])
        {
            Prank.Hold(held);
            try
            {
                Prank.Key(key);
                await SurfaceScene.PersonAsync("key", persons);
            }
            finally
            {
                Prank.LetGo(held);
            }
        }
        await Eventually.Is(() => scene.Look.Counted >= counted + 2, "the person's keys count, those of programs with them do not");
        await TypeAsync(scene, "b");
        // Wine may take a program's Ctrl for let go when the X server says so: then the person has written a v.
        Assert.DoesNotContain("copied", Line(scene).Text, StringComparison.Ordinal);

        await SurfaceScene.PersonAsync("key", "ctrl+v");
        await Eventually.Is(() => Line(scene).Text.EndsWith("bcopied", StringComparison.Ordinal), $"a person pastes: {Line(scene).Text}");
        Assert.Equal(copies, User32Clipboard.GetClipboardSequenceNumber());
    }

    /// <summary>Another program keeps the clipboard open, and no time passes for whoever waits for it.</summary>
    [Fact]
    public async Task Line_ClipboardIsKeptOpen_TheSurfaceGoesOnAndTheTextComesLater()
    {
        FakeTime time = new();
        using CancellationTokenSource enough = new();
        Task passing = Task.Run(async () =>
        {
            for (; !enough.IsCancellationRequested; await Task.Delay(10, CancellationToken.None)) time.Advance(TimeSpan.FromMilliseconds(20));
        }, CancellationToken.None);
        await using SurfaceScene scene = await OpenAsync(own => own with { TimeProvider = time });
        await enough.CancelAsync();
        await passing;
        ClipboardOwner.Copy("late");
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task holding = ClipboardOwner.HoldAsync(taken, letGo.Task);
        await taken.Task.WaitAsync(Eventually.Limit);
        await SurfaceScene.PersonAsync("key", "ctrl+v");
        await TypeAsync(scene, "x");
        long turns = scene.Look.Turns;
        await Eventually.Is(() => scene.Look.Turns > turns + 10, "the surface goes on");
        Assert.Equal("x", Line(scene).Text);

        letGo.SetResult();
        await holding.WaitAsync(Eventually.Limit);
        await Eventually.Is(() => Line(scene).Text == "xlate", $"the text comes: {Line(scene).Text}");
    }

    /// <summary>Whoever was typing elsewhere goes on for a moment, and sends nothing.</summary>
    [Fact]
    public async Task Line_OfAWindowThatOpensUnasked_HasNotTheFocus()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        scene.Agent.Say(Written);
        await SurfaceScene.EnterAsync(() => scene.Look.Window is { Name: "chat" } window ? window : null);
        await SurfaceScene.PersonAsync("type", "--delay", "5", "my password\n");
        await Eventually.Is(() => scene.Look.TakesKeys, "keys count");
        await SurfaceScene.PersonAsync("type", "--delay", "5", "my password\n");

        await scene.FocusAsync(Send);
        Assert.Equal("", Line(scene).Text);
        Assert.Empty(scene.Agent.Done);
    }

    /// <summary>
    /// A key that writes nothing, because Ctrl or Alt is held or because it never does. Wine takes what is held for let go when a window has come or gone under the pointer meanwhile (17 of
    /// 150 times, and more on a busy machine), and the key has then been pressed by itself: what it wrote is taken back and it is pressed again. What writes each time fails.
    /// </summary>
    private static async Task PressWithoutEffectAsync(SurfaceScene scene, string key)
    {
        string before = Line(scene).Text;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            await SurfaceScene.PersonAsync("key", key);
            await MarkAsync(scene);
            string written = Line(scene).Text.TrimEnd(Mark);
            while (Line(scene).Text.Length > before.Length)
            {
                int length = Line(scene).Text.Length;
                await SurfaceScene.PersonAsync("key", "BackSpace");
                await Eventually.Is(() => Line(scene).Text.Length < length, $"it is taken back: {Line(scene).Text}");
            }
            if (written == before) return;
        }
        Assert.Fail($"{key} writes into the line each time.");
    }

    /// <summary>A letter behind what was pressed: when it is written, all of that has been judged. Wine may have missed that Ctrl or Alt was let go, until that is pressed again; then so is the letter.</summary>
    private static async Task MarkAsync(SurfaceScene scene)
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        await SurfaceScene.PersonAsync("key", $"{Mark}");
        for (int looks = 1; !Line(scene).Text.EndsWith(Mark); looks++)
        {
            Assert.False(limit.IsCancellationRequested, $"The letter is not written: {Line(scene).Text}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
            if (looks % 500 == 0) await SurfaceScene.PersonAsync("key", "Control_L", "key", "Alt_L", "key", $"{Mark}");
        }
    }

    private static TextLine Line(SurfaceScene scene) => scene.Window.Controls.Single(static control => control.Id == Field).Text!;

    /// <summary>The letter comes behind what would have been pasted: a paste that brings something has brought it by then, or after the pause.</summary>
    private static async Task PasteAndTypeAsync(SurfaceScene scene, string letter)
    {
        int reports = scene.Agent.Reports;
        await SurfaceScene.PersonAsync("key", "ctrl+v");
        await Eventually.Is(() => scene.Agent.Reports > reports + 3, "the surface goes on reporting");
        await TypeAtCaretAsync(scene, letter);
    }

    private static async Task TypeAtCaretAsync(SurfaceScene scene, string letter)
    {
        TextLine line = Line(scene);
        string expected = line.Text.Insert(line.Caret, letter);
        await SurfaceScene.PersonAsync("type", letter);
        await Eventually.Is(() => Line(scene).Text == expected, $"{letter} is written: {Line(scene).Text}");
    }

    private static async Task TypeAsync(SurfaceScene scene, string text)
    {
        string before = Line(scene).Text;
        await SurfaceScene.PersonAsync("type", "--delay", "20", text);
        await Eventually.Is(() => Line(scene).Text == before + text, $"{text} is written: {Line(scene).Text}");
    }

    private static async Task<SurfaceScene> OpenAsync(Func<WindowsSurfaceOptions, WindowsSurfaceOptions>? options = null)
    {
        SurfaceScene scene = await SurfaceScene.OpenAsync(Written, openWindow: true, options: options);
        if (scene.Window.Name != "chat") await scene.GoAsync("chat");
        await scene.FocusAsync(Field);
        return scene;
    }
}
