using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>The question for a password on its way to the helper.</summary>
internal static class PasswordWords
{
    private const int MaxUser = 256, MaxNickname = ConsentRequest.MaxReasonBytes, MaxCulture = 85;

    public static MessageWriter Write(uint number, EnrolmentQuestion question) =>
        new MessageWriter(HelperWord.AskPassword, number).Text(question.User, MaxUser).Text(question.Nickname, MaxNickname).Flag(question.IsAgain).Text(question.Culture.Name, MaxCulture);

    /// <exception cref="InvalidDataException">It is no question.</exception>
    public static EnrolmentQuestion Read(ref MessageReader words)
    {
        try
        {
            return new EnrolmentQuestion { User = words.Text(MaxUser), Nickname = words.Text(MaxNickname), IsAgain = words.Flag(), Culture = CultureInfo.GetCultureInfo(words.Text(MaxCulture)) };
        }
        catch (CultureNotFoundException none)
        {
            throw new InvalidDataException(none.Message, none);
        }
    }

    public static CredentialEnrolment ReadOutcome(ref MessageReader words) => (CredentialEnrolment)words.Int((int)CredentialEnrolment.Stored, (int)CredentialEnrolment.Unavailable);
}
