using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A person writes to the technician in the surface's window, with keys of the X server, which Wine takes for a keyboard's.</summary>
[Collection(OneDesktop.Name)]
public sealed class SurfaceTypingTests
{
    private const string Field = $"chat/{ScriptedAgent.SessionId}/text", Send = $"chat/{ScriptedAgent.SessionId}/send";
    private const uint KeyDown = 0x100;

    private static readonly SurfaceStatus Written = ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { Chat = [new(ScriptedAgent.Began.AddMinutes(47), true, "May I restart?")] }] };

    [Fact]
    public async Task Line_TypedByAPerson_IsSentByEnterAndOnceOnly()
    {
        await using SurfaceScene scene = await OpenAsync();
        await TypeAsync(scene, "Yes, in 5 minutes: I am \"Ada\" (still saving)!");
        Assert.Contains(scene.Automation.Shown!.Elements, static one => one is { Id: Field, Role: ReadRole.Field } && one.Name.EndsWith("(still saving)!", StringComparison.Ordinal));

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
        await SurfaceScene.PersonAsync("key", "ctrl+a", "key", "ctrl+space", "key", "alt+b", "key", "F5");
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

    private static TextLine Line(SurfaceScene scene) => scene.Window.Controls.Single(static control => control.Id == Field).Text!;

    private static async Task TypeAsync(SurfaceScene scene, string text)
    {
        string before = Line(scene).Text;
        await SurfaceScene.PersonAsync("type", "--delay", "20", text);
        await Eventually.Is(() => Line(scene).Text == before + text, $"{text} is written: {Line(scene).Text}");
    }

    private static async Task<SurfaceScene> OpenAsync()
    {
        SurfaceScene scene = await SurfaceScene.OpenAsync(Written, openWindow: true);
        if (scene.Window.Name != "chat") await scene.GoAsync("chat");
        await scene.FocusAsync(Field);
        return scene;
    }
}
