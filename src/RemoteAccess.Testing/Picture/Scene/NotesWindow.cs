using System.Text;

namespace RemoteAccess.Picture;

/// <summary>The window with the text field that takes the keyboard.</summary>
internal sealed class NotesWindow(DamageRegion dirty, int order) : SceneWindow(dirty, "Notes", order)
{
    private const int Margin = 10;

    public TextField Field { get; } = new(dirty);

    public override void Press(int x, int y)
    {
        if (Contains(Field.Bounds, x, y)) Field.ClickAt(x, y);
    }

    public override void Wheel(int x, int y, int delta)
    {
        if (Contains(Field.Bounds, x, y)) Field.Wheel(delta);
    }

    public override void Type(Rune character) => Field.Type(character);

    public override void Edit(EditKey key) => Field.Edit(key);

    public override CursorShape CursorAt(int x, int y) => Contains(Field.Bounds, x, y) ? CursorShapes.IBeam : CursorShapes.Arrow;

    protected override void Arrange() =>
        Field.Place(new PixelRect(Client.X + Margin, Client.Y + Margin, Math.Max(0, Client.Width - 2 * Margin), Math.Max(0, Client.Height - 2 * Margin)));

    protected override void PaintClient(PixelCanvas canvas) => Field.Paint(canvas, IsActive);
}
