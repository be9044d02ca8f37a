using System.Text;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class VirtualInputTests
{
    private const uint Shift = 0xFFE1, Control = 0xFFE3;

    [Fact]
    public async Task DisposeAsync_KeysAndButtonsHeld_ReleasesItsOwnOnly()
    {
        await using var seat = new Seat();
        IInputInjector first = await seat.OpenInputAsync();
        await using IInputInjector second = await seat.OpenInputAsync();
        await first.InjectAsync(InputEvent.Key(Shift, true), Seat.Token);
        await first.InjectAsync(InputEvent.Key('x', true), Seat.Token);
        await first.InjectAsync(InputEvent.Key('x', false), Seat.Token);
        await first.InjectAsync(InputEvent.Button(MouseButton.Middle, true), Seat.Token);
        await second.InjectAsync(InputEvent.Key(Control, true), Seat.Token);
        Assert.Equal([Shift, Control], seat.Desktop.PressedKeys);
        Assert.Equal([MouseButton.Middle], seat.Desktop.PressedButtons);
        await first.DisposeAsync();
        Assert.Equal([Control], seat.Desktop.PressedKeys);
        Assert.Empty(seat.Desktop.PressedButtons);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await first.InjectAsync(InputEvent.Key('a', true), Seat.Token));
    }

    [Fact]
    public async Task InjectAsync_PermitWithdrawn_RefusesAndHasReleasedEverything()
    {
        await using var seat = new Seat();
        await using IInputInjector input = await seat.OpenInputAsync();
        await input.InjectAsync(InputEvent.Key(Shift, true), Seat.Token);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, true), Seat.Token);
        seat.Withdraw();
        Assert.Empty(seat.Desktop.PressedKeys);
        Assert.Empty(seat.Desktop.PressedButtons);
        var refusal = await Assert.ThrowsAsync<AccessRefusedException>(async () => await input.InjectAsync(InputEvent.Text(new Rune('x')), Seat.Token));
        Assert.Equal((RefusalReason.Revoked, Operations.ControlInput), (refusal.Reason, refusal.Operation));
        Assert.Equal("", seat.Desktop.Text);
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await seat.OpenInputAsync());
    }

    [Fact]
    public async Task InjectAsync_DesktopDisposed_SaysTheDisplayIsLost()
    {
        await using var seat = new Seat();
        await using IInputInjector input = await seat.OpenInputAsync();
        await input.InjectAsync(InputEvent.Key(Shift, true), Seat.Token);
        await seat.Desktop.DisposeAsync();
        Assert.Empty(seat.Desktop.PressedKeys);
        var error = await Assert.ThrowsAsync<DesktopException>(async () => await input.InjectAsync(InputEvent.Key('x', true), Seat.Token));
        Assert.Equal(DesktopError.DisplayLost, error.Error);
    }

    [Fact]
    public async Task InjectAsync_MoreKeysThanAnybodyHas_HoldsABoundedNumber()
    {
        await using var seat = new Seat();
        await using IInputInjector input = await seat.OpenInputAsync();
        for (uint key = 0x0100_4E00; key < 0x0100_4E00 + 1000; key++) await input.InjectAsync(InputEvent.Key(key, true), Seat.Token);
        Assert.Equal(256, seat.Desktop.PressedKeys.Count);
    }

    [Fact]
    public async Task InjectAsync_KeysByKeysym_TypeWhatTheyMean()
    {
        await using var seat = new Seat();
        await using IInputInjector input = await seat.OpenInputAsync();
        await PressAsync(input, 'a', 0xE4, 0x20AC, 0x0100_6F22, 0xFFB7);
        await input.InjectAsync(InputEvent.Key(Shift, true), Seat.Token);
        await PressAsync(input, 'b', 0xF6, 'C');
        await input.InjectAsync(InputEvent.Key(Shift, false), Seat.Token);
        await PressAsync(input, 'd', 0xFF0D);
        await input.InjectAsync(InputEvent.Key(Control, true), Seat.Token);
        await PressAsync(input, 'v');
        await input.InjectAsync(InputEvent.Key(Control, false), Seat.Token);
        await PressAsync(input, 'e');
        Assert.Equal("aä€漢7BÖCd\ne", seat.Desktop.Text);
        Assert.Empty(seat.Desktop.PressedKeys);
    }

    [Fact]
    public async Task InjectAsync_PositionOutsideTheDesktop_IsClamped()
    {
        await using var seat = new Seat(640, 480);
        await using IInputInjector input = await seat.OpenInputAsync();
        await input.InjectAsync(InputEvent.PointerMove(int.MaxValue, int.MinValue), Seat.Token);
        Assert.Equal((639, 0), (seat.Desktop.Cursor.X, seat.Desktop.Cursor.Y));
        await input.InjectAsync(InputEvent.Wheel(int.MinValue, int.MaxValue), Seat.Token);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await input.InjectAsync(default, Seat.Token));
    }

    private static async Task PressAsync(IInputInjector input, params uint[] keys)
    {
        foreach (uint key in keys)
        {
            await input.InjectAsync(InputEvent.Key(key, true), Seat.Token);
            await input.InjectAsync(InputEvent.Key(key, false), Seat.Token);
        }
    }
}
