namespace RemoteAccess.Trust;

/// <summary>What people call a computer; by convention <c>Company:Department:User</c>.</summary>
internal static class Nickname
{
    public const int MaxLength = 128;

    /// <exception cref="ArgumentException">Empty, longer than 128 characters, or with control characters.</exception>
    public static void Validate(string nickname)
    {
        if (string.IsNullOrWhiteSpace(nickname) || nickname.Length > MaxLength || !PlainText.IsAcceptable(nickname, MaxLength * 4))
            throw new ArgumentException($"A nickname has 1 to {MaxLength} characters and no control characters.", nameof(nickname));
    }
}
