using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>The strip of the lock screen on its way to the helper.</summary>
internal static class StripWords
{
    private const int MaxCulture = 85;

    public static MessageWriter WriteOpening(uint number, CultureInfo culture) => new MessageWriter(HelperWord.OpenStrip, number).Text(culture.Name, MaxCulture);

    /// <exception cref="InvalidDataException">It is no language.</exception>
    public static CultureInfo ReadOpening(ref MessageReader words)
    {
        try
        {
            return CultureInfo.GetCultureInfo(words.Text(MaxCulture));
        }
        catch (CultureNotFoundException none)
        {
            throw new InvalidDataException(none.Message, none);
        }
    }

    public static MessageWriter Write(uint number, BannerWords? said)
    {
        MessageWriter words = new MessageWriter(HelperWord.Strip, number).Flag(said is not null);
        return said is null ? words : words.Text(said.Headline, WireLimits.MaxText).Text(said.Note, WireLimits.MaxText).Flag(said.IsWatched);
    }

    public static BannerWords? Read(ref MessageReader words) => words.Flag() ? new BannerWords(words.Text(WireLimits.MaxText), words.Text(WireLimits.MaxText), words.Flag()) : null;
}
