using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>
/// A question on its way to the helper: the request and the language, and the hash of the words that the service will record. The helper makes the words itself and shows
/// them only if they are the same.
/// </summary>
internal static class PromptWords
{
    private const int HashBytes = 32, MaxText = ConsentRequest.MaxReasonBytes;

    public static MessageWriter Write(uint number, ConsentPrompt prompt)
    {
        ConsentRequest request = prompt.Request;
        MessageWriter words = new(HelperWord.Ask, number);
        words.Bytes(prompt.TextHash.Span).Text(prompt.Culture.Name, MaxText).Int((int)request.Kind).Int((int)request.Operations).Int((int)request.InUse).Long(request.Timeout.Ticks);
        words.Text(request.TechnicianName, MaxText).Flag(request.IsVerified);
        foreach (string? text in new[] { request.Organisation, request.Nickname, request.Reason, request.SessionCode, request.StopHint })
        {
            words.Flag(text is not null);
            if (text is not null) words.Text(text, MaxText);
        }
        words.Flag(request.Until is not null);
        if (request.Until is { } until) words.Long(until.UtcTicks).Long(until.Offset.Ticks);
        words.Flag(request.Hours is not null);
        if (request.Hours is not { } hours) return words;
        words.Text(hours.Zone, MaxText).Int(hours.Windows.Count);
        foreach (HoursWindow window in hours.Windows)
        {
            words.Int(window.Days.Count);
            foreach (DayOfWeek day in window.Days) words.Int((int)day);
            words.Int(window.FromMinute).Int(window.ToMinute);
        }
        return words;
    }

    /// <exception cref="InvalidDataException">It is no question, or not in the words that the service will record.</exception>
    public static ConsentPrompt Read(ref MessageReader words)
    {
        byte[] hash = words.Bytes(HashBytes).ToArray();
        try
        {
            CultureInfo culture = CultureInfo.GetCultureInfo(words.Text(MaxText));
            ConsentPrompt prompt = ConsentPrompt.Create(ReadRequest(ref words), culture, TimeZoneInfo.Local);
            return prompt.TextHash.Span.SequenceEqual(hash) ? prompt : throw new InvalidDataException("A question has other words here than in the service, as with another time zone or version.");
        }
        catch (Exception refused) when (refused is ArgumentException or CultureNotFoundException)
        {
            throw new InvalidDataException($"A question that nobody may be asked: {refused.Message}", refused);
        }
    }

    private static ConsentRequest ReadRequest(ref MessageReader words)
    {
        (ConsentKind kind, Operations operations, InUseRule inUse, TimeSpan timeout) = ((ConsentKind)words.Int(), (Operations)words.Int(), (InUseRule)words.Int(), new TimeSpan(words.Long()));
        return new ConsentRequest
        {
            Kind = kind,
            Operations = operations,
            InUse = inUse,
            Timeout = timeout,
            TechnicianName = words.Text(MaxText),
            IsVerified = words.Flag(),
            Organisation = Optional(ref words),
            Nickname = Optional(ref words),
            Reason = Optional(ref words),
            SessionCode = Optional(ref words),
            StopHint = Optional(ref words),
            Until = words.Flag() ? new DateTimeOffset(words.Long(), TimeSpan.Zero).ToOffset(new TimeSpan(words.Long())) : null,
            Hours = words.Flag() ? ReadHours(ref words) : null,
        };
    }

    private static string? Optional(ref MessageReader words) => words.Flag() ? words.Text(MaxText) : null;

    private static WeeklyHours ReadHours(ref MessageReader words)
    {
        string zone = words.Text(MaxText);
        HoursWindow[] windows = new HoursWindow[words.Int(1, WeeklyHours.MaxWindows)];
        for (int i = 0; i < windows.Length; i++)
        {
            DayOfWeek[] days = new DayOfWeek[words.Int(1, 7)];
            foreach (ref DayOfWeek day in days.AsSpan()) day = (DayOfWeek)words.Int(0, 6);
            windows[i] = new HoursWindow(days, words.Int(), words.Int());
        }
        return new WeeklyHours(zone, windows);
    }
}
