namespace RemoteAccess.Trust;

/// <summary>Makes of what a window shows what a screen reader gets: each word that is drawn, and each thing that can be used. Pure.</summary>
internal static class Readings
{
    /// <summary>The id of the field for a password.</summary>
    public const string Password = "password";

    private const string Escape = "Esc";

    /// <param name="prompt">What is asked.</param>
    /// <param name="layout">Where it stands.</param>
    /// <param name="isActive">Whether answers count yet.</param>
    /// <param name="countdown">What is said of the time that is left.</param>
    public static IReadOnlyList<ReadElement> Of(ConsentPrompt prompt, PromptLayout layout, bool isActive, string countdown) =>
    [
        .. Texts(layout.Passages, 0),
        new("countdown", ReadRole.Text, countdown, layout.Countdown),
        // With the question, for whoever comes to the button before the words.
        new(Of(ConsentDecision.Refuse), ReadRole.Button, prompt.Refuse.AccessibleName, layout.Refuse) { TakesFocus = true, Help = prompt.Title, Key = Escape },
        new(Of(ConsentDecision.Allow), ReadRole.Button, prompt.Allow.AccessibleName, layout.Allow) { TakesFocus = true, Help = prompt.Title, IsEnabled = isActive },
    ];

    /// <summary>The id of an answer's button.</summary>
    public static string Of(ConsentDecision decision) => decision == ConsentDecision.Allow ? "allow" : "refuse";

    /// <summary>Nothing tells what was typed, nor how much: programs can read this, and a password's length is half of it.</summary>
    public static IReadOnlyList<ReadElement> Of(EnrolmentTexts texts, EnrolmentLayout layout, EnrolmentShown shown) =>
    [
        .. Texts(layout.Passages, 0),
        new(Password, ReadRole.Field, texts["password"], layout.Field) { TakesFocus = true, IsPassword = true, Help = texts["what"] },
        new("status", ReadRole.Text, shown.Status ?? "", layout.Status) { IsLive = true, IsOutOfView = shown.Status is not { Length: > 0 } },
        new("cancel", ReadRole.Button, texts["cancel"], layout.Cancel) { Key = Escape },
        new("store", ReadRole.Button, texts["store"], layout.Store) { Key = "Enter" },
    ];

    /// <param name="sheet">What is laid out.</param>
    /// <param name="scrolled">Pixels of it above the window.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="chosen">The word for what is chosen of several.</param>
    public static IReadOnlyList<ReadElement> Of(Sheet sheet, int scrolled, int height, string chosen)
    {
        IEnumerable<ReadElement> all = Texts(sheet.Passages, scrolled).Concat(sheet.Controls.Select(control => Of(control, scrolled, chosen)));
        return [.. all.OrderBy(element => element.Area.Y).ThenBy(element => element.Area.X).Select(element => element with { IsOutOfView = element.Area.Bottom <= 0 || element.Area.Y >= height })];
    }

    /// <summary>The strip. At the lock screen there are no details to be shown.</summary>
    public static IReadOnlyList<ReadElement> Of(BannerLayout layout)
    {
        int width = layout.DetailsLabel is null ? layout.Stop.X : layout.Details.X;
        List<ReadElement> elements =
        [
            new("headline", ReadRole.Text, layout.Words.Headline, new PixelRect(0, 0, width, layout.Height / 2)) { IsLive = true },
            new("note", ReadRole.Text, layout.Words.Note, new PixelRect(0, layout.Height / 2, width, layout.Height - (layout.Height / 2))),
        ];
        if (layout.DetailsLabel is { } details) elements.Add(new("details", ReadRole.Button, details, layout.Details));
        elements.Add(new("stop", ReadRole.Button, layout.StopLabel, layout.Stop));
        return elements;
    }

    private static IEnumerable<ReadElement> Texts(IReadOnlyList<Passage> passages, int scrolled) =>
        passages.Select((passage, i) => new ReadElement($"text/{i}", ReadRole.Text, passage.Text, passage.Area with { Y = passage.Area.Y - scrolled }) { IsHeading = passage.IsHeading });

    private static ReadElement Of(Control control, int scrolled, string chosen)
    {
        ReadRole role = control.Kind switch
        {
            ControlKind.Tab => ReadRole.Page,
            ControlKind.Switch => ReadRole.Switch,
            ControlKind.Choice => ReadRole.Choice,
            ControlKind.Stepper => ReadRole.Stepper,
            ControlKind.Field => ReadRole.Field,
            _ => ReadRole.Button,
        };
        bool? isOn = role is ReadRole.Page or ReadRole.Switch or ReadRole.Choice ? control.IsOn : null;
        // A screen reader asks for the state of a switch, and for what stands in a line, by a pattern that could also change it, and there is none here: so the name says it.
        string state = control.State.Length > 0 ? control.State : control.Text is { } written ? written.Text : isOn == true ? chosen : "", name = control.Name.Length > 0 ? control.Name : string.Join(' ', control.Lines);
        return new(control.Id, role, state.Length > 0 ? $"{name}, {state}" : name, control.Area with { Y = control.Area.Y - scrolled }) { IsOn = isOn, TakesFocus = true };
    }
}
